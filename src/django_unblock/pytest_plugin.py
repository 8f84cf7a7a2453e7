"""A pytest fixture, found by pytest through the package's entry point."""

from inspect import iscoroutinefunction

import pytest


@pytest.fixture
def unblocked_loop(request: pytest.FixtureRequest) -> None:
    """Fail the async test during which something blocks the event loop, naming the line.

    What counts is `UNBLOCK["WATCH_MS"]`, 50 ms if it is not set. A synchronous test is left alone.
    """
    from django_unblock import conf, watch  # late: pytest loads every plugin in every project

    if iscoroutinefunction(request.node.obj):
        watched = watch.fails_if_blocked(conf.current().WATCH_MS or 50)(request.node.obj)
        request.node.obj = watched
        if request.instance is not None:  # unittest looks the method up there
            setattr(request.instance, request.node.originalname, watched)

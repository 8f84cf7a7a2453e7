"""Where a synchronous view runs under ASGI: in the bridge on the event loop, or in a worker thread."""

from collections.abc import Callable
from inspect import iscoroutinefunction
from typing import Any

from django_unblock import conf

_MARK = "_unblock_runs_on_loop"


def on_loop[**P, R](view: Callable[P, R]) -> Callable[P, R]:
    """Have a synchronous view run on the event loop, whatever ``UNBLOCK["SYNC_VIEWS"]`` says.

    Its ORM calls don't block there, and it needs no thread. Anything else that it waits for blocks
    every request: files, `requests`, mail. On a class-based view, decorate ``dispatch``
    (``@method_decorator(on_loop, name="dispatch")``).

    Raises:
        TypeError: the view is async, and runs on the loop as it is.
    """
    return _marked(view, on_loop=True)


def in_thread[**P, R](view: Callable[P, R]) -> Callable[P, R]:
    """Have a synchronous view run in a worker thread, whatever ``UNBLOCK["SYNC_VIEWS"]`` says.

    Raises:
        TypeError: the view is async; `offload` what blocks in it.
    """
    return _marked(view, on_loop=False)


def runs_on_loop(view: Callable[..., Any]) -> bool:
    """Return whether a synchronous view is to run on the loop."""
    marked: bool | None = getattr(view, _MARK, None)
    return conf.current().SYNC_VIEWS == "loop" if marked is None else marked


def _marked[**P, R](view: Callable[P, R], *, on_loop: bool) -> Callable[P, R]:
    if iscoroutinefunction(view):
        raise TypeError(
            f"R110: {view.__qualname__} is an async view: it runs on the loop as it is."
        )
    setattr(view, _MARK, on_loop)
    return view

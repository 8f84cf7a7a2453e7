"""No survey ever talks to the user's database: an attempt is an error that names its place."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NoReturn

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from unblocker.errors import UnblockError
from unblocker.records.places import Place
from unblocker.survey.sources import Sources


@contextmanager
def no_connections(sources: Sources) -> Iterator[None]:
    """Refuse to connect while inside, on this process's connections, old and new, in every thread.

    Raises:
        UnblockError: U024, where the project's code asks for a connection.
    """
    create = connections.create_connection
    refused: list[BaseDatabaseWrapper] = []

    def refuse(wrapper: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
        wrapper.connect = partial(_refuse, sources, wrapper.alias)  # type: ignore[method-assign]
        refused.append(wrapper)
        return wrapper

    for existing in connections.all(initialized_only=True):
        refuse(existing)
    connections.create_connection = lambda alias: refuse(create(alias))  # type: ignore[method-assign]
    try:
        yield
    finally:
        del connections.create_connection
        for wrapper in refused:
            del wrapper.connect


def _refuse(sources: Sources, alias: str) -> NoReturn:
    raise UnblockError(
        "U024",
        f"the project asks for a connection to the database {alias!r} while it is being loaded",
        place=own_place(sources, traceback.extract_stack()),
        hint="A survey never touches the database. Run the query later than at import or in AppConfig.ready().",
    )


def own_place(sources: Sources, frames: traceback.StackSummary) -> Place | None:
    """The innermost of these frames that is the project's own code."""
    for frame in reversed(frames):
        if frame.lineno is not None and sources.owns(frame.filename):
            column = frame.colno or 0
            name = sources.name(Path(frame.filename))
            return Place(
                name,
                frame.lineno,
                column,
                frame.end_lineno or frame.lineno,
                frame.end_colno or column,
            )
    return None

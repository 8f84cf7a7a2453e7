"""No survey ever talks to the user's database: an attempt is an error that names its place."""

import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from unblocker.errors import UnblockError
from unblocker.records.places import Place
from unblocker.records.survey import Problem
from unblocker.survey.driver_guard import Refuse, refuse_drivers
from unblocker.survey.sources import Sources

_ABSENT = object()


class RefusedConnectionError(UnblockError, OperationalError):
    """What the project sees instead of a connection: as if the database were away, for which it may be prepared."""


@contextmanager
def no_connections(sources: Sources) -> Iterator[None]:
    """Refuse to connect while inside, on all connections of the process, old and new, whatever their engine or thread.

    Each attempt is put on record as a problem (U421), for the project may take the refusal calmly. The refusal
    outlasts the block where the project has started threads in it that are still at work.

    Raises:
        RefusedConnectionError: U024, where the project's code asks for a connection.
    """
    before = set(threading.enumerate())
    with ExitStack() as restored:
        _refuse_on(BaseDatabaseWrapper, sources, restored)
        _refuse_on_new_ones(sources, restored)
        refuse_drivers(_past_django(sources), restored)
        _replace(threading, "excepthook", _silent_about_refusals(threading.excepthook), restored)
        try:
            yield
        finally:
            if set(threading.enumerate()) - before:
                restored.pop_all()


def _refuse_on_new_ones(sources: Sources, restored: ExitStack) -> None:
    """Of engines with ways to connect of their own, each object has to refuse."""
    create = connections.create_connection

    def create_refusing(alias: str) -> BaseDatabaseWrapper:
        made = create(alias)
        _refuse_on(made, sources, restored)
        return made

    _replace(connections, "create_connection", create_refusing, restored)
    for made in connections.all(initialized_only=True):
        _refuse_on(made, sources, restored)


def _refuse_on(owner: Any, sources: Sources, restored: ExitStack) -> None:
    """Have one connection, or all of a class, refuse to connect."""

    def connect(wrapper: BaseDatabaseWrapper = owner) -> None:
        raise _refusal(sources, wrapper.alias)

    def ensure_connection(wrapper: BaseDatabaseWrapper = owner) -> None:
        if wrapper.connection is None:
            raise _refusal(sources, wrapper.alias)

    _replace(owner, "connect", connect, restored)
    _replace(owner, "ensure_connection", ensure_connection, restored)


def _past_django(sources: Sources) -> Refuse:
    """The refusal that a driver raises: for who handles the driver's errors it is one of those."""

    def refuse(driver: str, kind: type[Exception]) -> Exception:
        text = f"the project connects to a database with {driver} while it is being surveyed"
        refused = type("RefusedConnectionError", (RefusedConnectionError, kind), {})
        return _refused(sources, text, refused)

    return refuse


def _replace(owner: Any, name: str, value: object, restored: ExitStack) -> None:
    """Set the attribute, and have it put back in the end."""
    before = vars(owner).get(name, _ABSENT)
    setattr(owner, name, value)
    back = (delattr, owner, name) if before is _ABSENT else (setattr, owner, name, before)
    restored.callback(*back)


def _silent_about_refusals(hook: Callable[[Any], object]) -> Callable[[Any], None]:
    """A thread that ends for want of a connection is on record; its traceback would tell nobody anything."""

    def told(thread: Any) -> None:
        if not issubclass(thread.exc_type, RefusedConnectionError):
            hook(thread)

    return told


def _refusal(sources: Sources, alias: str) -> RefusedConnectionError:
    text = f"the project asks for a connection to the database {alias!r} while it is being surveyed"
    return _refused(sources, text, RefusedConnectionError)


def _refused(
    sources: Sources, text: str, kind: type[RefusedConnectionError]
) -> RefusedConnectionError:
    place = own_place(sources, traceback.extract_stack())
    sources.problems.append(Problem("U421", text, place))
    return kind(
        "U024",
        text,
        place=place,
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

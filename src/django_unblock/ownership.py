"""Who uses which database connection, and for how long.

The contract:

1. *Autocommit work borrows.* A task's first query borrows a connection from the pool. It goes back
   as soon as the task waits for anything but the database, and at the end of the bridged call. So
   nobody holds a connection while waiting for something else, and no fan-out can exhaust the pool.
   Session state (``SET``, temporary tables) therefore lives in a transaction or not at all.
2. *A server-side cursor keeps its connection* (``iterator()``, also COPY and pipelines), until it
   is closed or its task ends. A client-side cursor does not: what it fetched it has, and its next
   statement goes to the connection that its task borrows then.
3. *A transaction pins.* From the entry of the outermost ``atomic`` block to its exit, the task
   keeps one connection, whatever it waits for.
4. *What a transaction starts is in it.* A task or worker thread started inside the block uses the
   block's connection. They take turns on it: each keeps it while it runs, through an ``atomic``
   block (a savepoint) of its own, and gives its turn up when it waits for something else. Who gets
   none for a minute is told so (R203): the block waits for him.
   A task started before the block is not in it.
5. *Nothing outlives a transaction.* Whoever was started inside a block and uses the database after
   the block's end gets an `OwnershipError` (R201), not another connection.
6. *Plain synchronous code encloses the loop it runs.* If the code beneath the event loop in this
   thread has a block open (a ``TestCase``; ``with atomic(): asyncio.run(...)``), everything on that
   loop is in it, by rule 4. A one-off loop (an async view under WSGI) always uses its thread's
   connection so; every loop does that of a database that has but one (SQLite in memory).
7. *A cancelled task leaves no trace.* Its running statement is cancelled on the server. Where others
   share the transaction the statement is completed instead; a COMMIT or ROLLBACK always is.

A *scope* is who borrows: a task, or one call in a worker thread. A *level* is one ``atomic`` block
that others can share.
"""

import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django_unblock.loops import Loop, running_loop
from django_unblock.scopes import (
    NO_LEVELS,
    Level,
    Scope,
    is_scope_variable,
    levels,
    one_off_loops,
    scope_here,
    thread,
)

_called_on: ContextVar[Loop | None] = ContextVar("django_unblock.called_on", default=None)
_waited_for: ContextVar[int] = ContextVar("django_unblock.waited_for", default=0)
_beneath: weakref.WeakKeyDictionary[Loop, dict[str, Level]] = weakref.WeakKeyDictionary()


def level_here(alias: str, scope: Scope) -> Level | None:
    """Return the innermost open block that encloses the running code on that alias, if any."""
    level = levels.get().get(alias)
    while level is not None and level.ended and level.owner is scope:
        level = level.parent
    return level if level is not None else _level_beneath(alias, scope)


def _level_beneath(alias: str, scope: Scope) -> Level | None:
    wrapper = thread.wrappers.get(alias)
    if wrapper is None or scope is thread.scope or not hasattr(wrapper, "scope"):
        return None
    if not (wrapper.atomic_blocks or scope.lent_to or wrapper.is_single):
        return None
    lent = _beneath.setdefault(scope.home, {})
    level = lent.get(alias)
    if level is None or level.wrapper is not wrapper:
        level = lent[alias] = Level(wrapper, None, None)
    return level


class Blocks(list[Any]):
    """A wrapper's open ``atomic`` blocks, outermost first: opens and ends a level with each."""

    def __init__(self, wrapper: Any, blocks: list[Any]) -> None:
        super().__init__(blocks)
        self._wrapper = weakref.ref(wrapper)
        self._levels: list[Level | None] = [None] * len(blocks)

    def append(self, block: Any) -> None:
        """Enter a block: from here on, what this code starts is inside it."""
        super().append(block)
        self._levels.append(_open_level(self._wrapper()))

    def pop(self, index: Any = -1) -> Any:
        """Leave the innermost block."""
        level = self._levels.pop()
        if level is not None:
            _end_level(level)
        return super().pop(index)


def _open_level(wrapper: Any) -> Level | None:
    scope = scope_here()
    if scope is None or wrapper is None:
        return None
    level = Level(wrapper, scope, level_here(wrapper.alias, scope))
    level.take(scope)
    levels.set({**levels.get(), wrapper.alias: level})
    return level


def _end_level(level: Level) -> None:
    level.ended = True
    known, alias = dict(levels.get()), level.wrapper.alias
    if known.get(alias) is level:
        del known[alias]
        if level.parent is not None and level.parent.owner is not None:
            known[alias] = level.parent
        levels.set(known)


def ensure_turn(alias: str) -> None:
    """Return when the running code may send something on the connection it has for the alias.

    Raises:
        OwnershipError: it was started in a transaction that has ended (R201).
    """
    scope = scope_here()
    level = level_here(alias, scope) if scope is not None else None
    if scope is not None and level is not None:
        level.take(scope)


def has_turn(wrapper: Any) -> bool:
    """Return whether the running code may use this wrapper, whichever thread made it."""
    scope = scope_here()
    if scope is not None and wrapper.scope is scope:
        return True
    level = level_here(wrapper.alias, scope) if scope is not None else None
    return scope is not None and level is not None and level.is_used_by(scope)


def shares(alias: str) -> bool:
    """Return whether others than the running code have a stake in its transaction on the alias.

    They have not if it has a block of its own open: leaving that undoes what is half done.
    """
    scope = scope_here()
    level = level_here(alias, scope) if scope is not None else None
    return level is not None and level.owner is not scope and level.wrapper.in_atomic_block


def in_transaction() -> bool:
    """Return whether the code runs in an ``atomic`` block that was entered on this loop."""
    return any(level.owner is not None and not level.ended for level in levels.get().values())


def is_called_from_sync() -> bool:
    """Return whether the code was called by plain synchronous code, through a one-off loop.

    It belongs in that code's thread, as asgiref has it. What was started with a context of its own
    does not.
    """
    loop = _called_on.get()
    return loop is not None and loop is running_loop()


def enclosing() -> Mapping[str, Level]:
    """Return the open blocks around the running code, per alias, to hand to a worker thread."""
    scope = scope_here()
    if scope is None:
        return NO_LEVELS
    aliases = {*levels.get(), *thread.wrappers}
    found = {alias: level_here(alias, scope) for alias in aliases}
    return {alias: level for alias, level in found.items() if level is not None}


@contextmanager
def outside() -> Iterator[None]:
    """Leave every transaction of this loop behind: what is started inside is not in them."""
    token, waited_for = levels.set(NO_LEVELS), _waited_for.set(0)
    try:
        yield
    finally:
        _waited_for.reset(waited_for)
        levels.reset(token)


@contextmanager
def waited_for() -> Iterator[None]:
    """Call a coroutine from a worker thread, which waits for it."""
    token = _waited_for.set(_waited_for.get() + 1)
    try:
        yield
    finally:
        _waited_for.reset(token)


def depth() -> tuple[int, int]:
    """Return how many open blocks the running code is in, and how many worker threads wait for it."""
    blocks = sum(level.depth for level in levels.get().values() if not level.ended)
    return blocks, _waited_for.get()


@contextmanager
def one_off(loop: Loop) -> Iterator[None]:
    """Have everything on the loop use the connections of the code beneath it (rule 6)."""
    one_off_loops.add(loop)
    token = _called_on.set(loop)
    try:
        yield
    finally:
        _called_on.reset(token)
        one_off_loops.discard(loop)


def is_own(variable: ContextVar[Any]) -> bool:
    """Return whether a context variable is ownership's, and means nothing elsewhere."""
    return variable is _called_on or is_scope_variable(variable)

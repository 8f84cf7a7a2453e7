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
   block (a savepoint) of its own, and gives its turn up when it waits for something else.
   A task started before the block is not in it.
5. *Nothing outlives a transaction.* Whoever was started inside a block and uses the database after
   the block's end gets an `OwnershipError` (R201), not another connection.
6. *Plain synchronous code encloses the loop it runs.* If the code beneath the event loop in this
   thread has a block open (a ``TestCase``; ``with atomic(): asyncio.run(...)``), everything on that
   loop is in it, by rule 4. A one-off loop (an async view under WSGI) always uses its thread's
   connection so.
7. *A cancelled task leaves no trace.* Its running statement is cancelled on the server. Where others
   share the transaction the statement is completed instead; a COMMIT or ROLLBACK always is.

A *scope* is who borrows: a task, or one call in a worker thread. A *level* is one ``atomic`` block
that others can share.
"""

import asyncio
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django_unblock import bridge
from django_unblock.errors import OwnershipError
from django_unblock.turns import FairLock

type Loop = asyncio.AbstractEventLoop
type Task = asyncio.Task[Any]


class Level:
    """One open ``atomic`` block as those see it who are inside: a connection to share in turns.

    Attributes:
        wrapper: the ``DatabaseWrapper`` whose block it is.
        owner: the scope that entered the block; None if plain synchronous code did.
        parent: the level around it, if any.
        ended: the block was left.
        depth: how many blocks are open, this one included.
    """

    def __init__(self, wrapper: Any, owner: "Scope | None", parent: "Level | None") -> None:
        self.wrapper = wrapper
        self.owner = owner
        self.parent = parent
        self.ended = False
        self.depth = len(wrapper.atomic_blocks)
        self._lock = FairLock()
        self._user: Scope | None = None

    def take(self, scope: "Scope") -> None:
        """Return when it is the scope's turn on the connection.

        Raises:
            OwnershipError: the block has ended (R201).
        """
        if self._user is scope:
            return
        self._check_open()
        self._lock.acquire()
        if self.ended:
            self._lock.release()
            self._check_open()
        self._user = scope
        self.depth = len(self.wrapper.atomic_blocks)
        scope.turns.append(self)

    def is_used_by(self, scope: "Scope") -> bool:
        """Return whether it is the scope's turn."""
        return self._user is scope

    def give(self) -> bool:
        """End the user's turn, unless a block of its own is open; return whether it ended."""
        if len(self.wrapper.atomic_blocks) > self.depth:
            return False
        self._user = None
        self._lock.release()
        return True

    def _check_open(self) -> None:
        if self.ended:
            raise OwnershipError(
                "R201",
                f"the transaction on {self.wrapper.alias!r} in which this task was started has "
                "ended. Await the task inside the atomic block, or start it after the block "
                "(transaction.on_commit, django_unblock.background).",
            )


class Scope:
    """Who borrows: a task, or one call in a worker thread.

    Attributes:
        name: for messages.
        home: the loop whose pools it borrows from.
        wrappers: its own ``DatabaseWrapper`` per alias.
        turns: the shared levels whose turn it has.
        lent_to: its loop is a one-off one, which uses the connections of the code beneath it.
    """

    def __init__(self, home: Loop, name: str, task: Task | None = None) -> None:
        self.home = home
        self.name = name
        self.wrappers: dict[str, Any] = {}
        self.turns: list[Level] = []
        self.parent: weakref.ref[Scope] | None = None
        self.lent_to = home in _one_off
        self._settings = _Spare.settings
        self._task = weakref.ref(task) if task is not None else None

    def is_of(self, task: Task) -> bool:
        """Return whether this is the task's scope."""
        return self._task is not None and self._task() is task

    def adopt(self, alias: str, wrapper: Any) -> None:
        """Make the wrapper borrow for this scope; it continues the parent task's query log."""
        self.wrappers[alias] = wrapper
        wrapper.scope = self
        parent = self.parent() if self.parent is not None else None
        if parent is not None and alias in parent.wrappers:
            wrapper.continue_log(parent.wrappers[alias])

    def pause(self) -> None:
        """Give up, before waiting for something else, all that may be given up (rules 1 and 4)."""
        if self.turns:
            self.turns[:] = [level for level in self.turns if not level.give()]
        for wrapper in self.wrappers.values():
            wrapper.give_back()

    def finish(self, _task: object = None) -> None:
        """Give everything back: the task or call has ended."""
        for level in reversed(self.turns):
            level.wrapper.abandon_blocks(level.depth)
            level.give()
        self.turns.clear()
        for alias, wrapper in self.wrappers.items():
            wrapper.give_back(final=True)
            _spare.keep(alias, self._settings, wrapper)
        self.wrappers.clear()


class _Spare(threading.local):
    """This thread's wrappers whose scope has ended: making one costs more than a short query."""

    limit = 64
    settings = 0

    def __init__(self) -> None:
        self._shelves: dict[tuple[str, int], list[Any]] = {}

    def keep(self, alias: str, settings: int, wrapper: Any) -> None:
        shelf = self._shelves.setdefault((alias, settings), [])
        if len(shelf) < self.limit and wrapper.recycle():
            shelf.append(wrapper)

    def take(self, alias: str) -> Any | None:
        shelf = self._shelves.get((alias, _Spare.settings))
        return shelf.pop() if shelf else None


class _Thread(threading.local):
    """This thread's own connections, used by plain synchronous code, and its worker scope."""

    def __init__(self) -> None:
        self.wrappers: dict[str, Any] = {}
        self.scope: Scope | None = None


_spare = _Spare()
_thread = _Thread()
_levels: ContextVar[Mapping[str, Level]] = ContextVar("django_unblock.levels")
_mine: ContextVar[Scope | None] = ContextVar("django_unblock.scope", default=None)
_called_on: ContextVar[Loop | None] = ContextVar("django_unblock.called_on", default=None)
_scopes: weakref.WeakKeyDictionary[Task, Scope] = weakref.WeakKeyDictionary()
_beneath: weakref.WeakKeyDictionary[Loop, dict[str, Level]] = weakref.WeakKeyDictionary()
_one_off: weakref.WeakSet[Loop] = weakref.WeakSet()
_NO_LEVELS: Mapping[str, Level] = {}


def scope_here() -> Scope | None:
    """Return the scope of the running task or worker call; None in plain synchronous code."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return _thread.scope
    if task is None:
        return None
    scope = _mine.get()
    if scope is not None and scope.is_of(task):
        return scope
    return _enter(task, scope)


def _enter(task: Task, inherited: Scope | None) -> Scope:
    scope = _scopes.get(task)
    if scope is None:
        scope = _scopes[task] = Scope(task.get_loop(), task.get_name(), task)
        scope.parent = weakref.ref(inherited) if inherited is not None else None
        task.add_done_callback(scope.finish)
    _mine.set(scope)
    return scope


def _level(alias: str, scope: Scope) -> Level | None:
    """The innermost open block that encloses the running code, on that alias."""
    level = _levels.get(_NO_LEVELS).get(alias)
    while level is not None and level.ended and level.owner is scope:
        level = level.parent
    return level if level is not None else _level_beneath(alias, scope)


def _level_beneath(alias: str, scope: Scope) -> Level | None:
    wrapper = _thread.wrappers.get(alias)
    if wrapper is None or scope is _thread.scope or not hasattr(wrapper, "scope"):
        return None
    if not (wrapper.atomic_blocks or scope.lent_to):
        return None
    levels = _beneath.setdefault(scope.home, {})
    level = levels.get(alias)
    if level is None or level.wrapper is not wrapper:
        level = levels[alias] = Level(wrapper, None, None)
    return level


class Connections:
    """Where ``django.db.connections`` keeps its wrappers: finds the one this code is to use.

    It takes the place of the handler's thread-local. In plain synchronous code it is just that.
    An alias without a wrapper raises AttributeError, on which the handler makes one and sets it.
    """

    def __getattr__(self, alias: str) -> Any:
        scope = scope_here()
        if scope is None:
            return _found(_thread.wrappers.get(alias), alias)
        can_wait = bridge.on_wait(scope.pause) or scope is _thread.scope
        level = _level(alias, scope)
        if level is not None:
            if can_wait:
                level.take(scope)
            return level.wrapper
        if scope.lent_to and scope is not _thread.scope:
            return _found(None, alias)
        return _of_scope(alias, scope)

    def __setattr__(self, alias: str, wrapper: Any) -> None:
        scope = scope_here()
        borrows = hasattr(wrapper, "scope")
        if scope is None or not borrows:
            _thread.wrappers[alias] = wrapper
        elif scope.lent_to and scope is not _thread.scope:
            _thread.wrappers[alias] = wrapper
            getattr(self, alias)
        else:
            scope.adopt(alias, wrapper)

    def __delattr__(self, alias: str) -> None:
        scope = scope_here()
        wrappers = scope.wrappers if scope is not None else _thread.wrappers
        _found(wrappers.pop(alias, None), alias)


def _of_scope(alias: str, scope: Scope) -> Any:
    wrapper = scope.wrappers.get(alias)
    if wrapper is not None:
        return wrapper
    spare = _spare.take(alias)
    if spare is not None:
        scope.adopt(alias, spare)
        return spare
    unbridged = _thread.wrappers.get(alias)
    return _found(None if hasattr(unbridged, "scope") else unbridged, alias)


def _found(wrapper: Any, alias: str) -> Any:
    if wrapper is None:
        raise AttributeError(alias)
    return wrapper


class Blocks(list[Any]):
    """A wrapper's open ``atomic`` blocks, outermost first: opens and ends a level with each."""

    def __init__(self, wrapper: Any, blocks: list[Any]) -> None:
        super().__init__(blocks)
        self._wrapper = wrapper
        self._levels: list[Level | None] = [None] * len(blocks)

    def append(self, block: Any) -> None:
        """Enter a block: from here on, what this code starts is inside it."""
        super().append(block)
        self._levels.append(_open_level(self._wrapper))

    def pop(self, index: Any = -1) -> Any:
        """Leave the innermost block."""
        level = self._levels.pop()
        if level is not None:
            _end_level(level)
        return super().pop(index)


def _open_level(wrapper: Any) -> Level | None:
    scope = scope_here()
    if scope is None:
        return None
    level = Level(wrapper, scope, _level(wrapper.alias, scope))
    level.take(scope)
    _levels.set({**_levels.get(_NO_LEVELS), wrapper.alias: level})
    return level


def _end_level(level: Level) -> None:
    level.ended = True
    levels, alias = dict(_levels.get(_NO_LEVELS)), level.wrapper.alias
    if levels.get(alias) is level:
        del levels[alias]
        if level.parent is not None and level.parent.owner is not None:
            levels[alias] = level.parent
        _levels.set(levels)


def ensure_turn(alias: str) -> None:
    """Return when the running code may send something on the connection it has for the alias.

    Raises:
        OwnershipError: it was started in a transaction that has ended (R201).
    """
    scope = scope_here()
    level = _level(alias, scope) if scope is not None else None
    if scope is not None and level is not None:
        level.take(scope)


def has_turn(wrapper: Any) -> bool:
    """Return whether the running code may use this wrapper, whichever thread made it."""
    scope = scope_here()
    if scope is not None and wrapper.scope is scope:
        return True
    level = _level(wrapper.alias, scope) if scope is not None else None
    return scope is not None and level is not None and level.is_used_by(scope)


def shares(alias: str) -> bool:
    """Return whether others than the running code have a stake in its transaction on the alias.

    They have not if it has a block of its own open: leaving that undoes what is half done.
    """
    scope = scope_here()
    level = _level(alias, scope) if scope is not None else None
    return level is not None and level.owner is not scope


def in_transaction() -> bool:
    """Return whether the code runs in an ``atomic`` block that was entered on this loop."""
    levels = _levels.get(_NO_LEVELS).values()
    return any(level.owner is not None and not level.ended for level in levels)


def is_called_from_sync() -> bool:
    """Return whether the code was called by plain synchronous code, through a one-off loop.

    It belongs in that code's thread, as asgiref has it. What was started with a context of its own
    does not.
    """
    loop = _called_on.get()
    try:
        return loop is not None and loop is asyncio.get_running_loop()
    except RuntimeError:
        return False


def enclosing() -> Mapping[str, Level]:
    """Return the open blocks around the running code, per alias, to hand to a worker thread."""
    scope = scope_here()
    if scope is None:
        return _NO_LEVELS
    aliases = {*_levels.get(_NO_LEVELS), *_thread.wrappers}
    found = {alias: _level(alias, scope) for alias in aliases}
    return {alias: level for alias, level in found.items() if level is not None}


def worker_call[**P, R](fn: Callable[P, R]) -> Callable[P, R]:
    """Return ``fn`` for a worker thread: it borrows from this loop's pools, and gives all back.

    What it is called in here encloses it there.
    """
    home, levels = asyncio.get_running_loop(), enclosing()

    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        scope = Scope(home, threading.current_thread().name)
        token = _levels.set(levels)
        try:
            with working_as(scope):
                return fn(*args, **kwargs)
        finally:
            scope.finish()
            _levels.reset(token)

    return call


@contextmanager
def working_as(scope: Scope) -> Iterator[None]:
    """In a worker thread: borrow for that scope, which outlives the block."""
    outer, _thread.scope = _thread.scope, scope
    try:
        yield
    finally:
        _thread.scope = outer


def pause_worker() -> None:
    """In a worker thread about to wait for the loop: give up what may be given up."""
    if _thread.scope is not None:
        _thread.scope.pause()


@contextmanager
def outside() -> Iterator[None]:
    """Leave every transaction of this loop behind: what is started inside is not in them."""
    token = _levels.set(_NO_LEVELS)
    try:
        yield
    finally:
        _levels.reset(token)


@contextmanager
def one_off(loop: Loop) -> Iterator[None]:
    """Have everything on the loop use the connections of the code beneath it (rule 6)."""
    _one_off.add(loop)
    token = _called_on.set(loop)
    try:
        yield
    finally:
        _called_on.reset(token)
        _one_off.discard(loop)


def is_own(variable: ContextVar[Any]) -> bool:
    """Return whether a context variable is ownership's, bound to the task that set it."""
    return variable is _levels or variable is _mine or variable is _called_on


def settings_changed() -> None:
    """Use no wrapper again that was made before: it may remember what the settings were."""
    _Spare.settings += 1


def plain_wrappers() -> dict[str, Any]:
    """Return this thread's wrappers of plain synchronous code, per alias; changes count."""
    return _thread.wrappers

"""Who borrows connections (a scope), and what they share (a level): see `ownership`."""

import asyncio
import threading
import weakref
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from django_unblock.errors import OwnershipError
from django_unblock.loops import Loop
from django_unblock.turns import FairLock

type Task = asyncio.Task[Any]


# A transaction's tasks may wait for each other in a circle. This ends it.
TURN_SECONDS = 60.0


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
            OwnershipError: the block has ended (R201), or it is not for `TURN_SECONDS` (R203).
        """
        if self._user is scope:
            return
        self._check_open()
        try:
            self._lock.acquire(TURN_SECONDS)
        except TimeoutError:
            raise self._kept() from None
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

    def _kept(self) -> OwnershipError:
        holder = self._user.name if self._user is not None else "plain synchronous code"
        return OwnershipError(
            "R203",
            f"the connection of the transaction on {self.wrapper.alias!r} was not free for "
            f"{TURN_SECONDS} s: {holder} keeps it, in an atomic block of its own. A block must not "
            "wait for what was started before it in the same transaction.",
        )

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
        self.lent_to = home in one_off_loops
        self._settings = _Spare.settings
        self._task = weakref.ref(task) if task is not None else None

    def spare(self, alias: str) -> Any | None:
        """Adopt and return a wrapper that an ended scope of this thread has left, if any."""
        wrapper = _spare.take(alias)
        if wrapper is not None:
            self.adopt(alias, wrapper)
        return wrapper

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
            wrapper.abandon_blocks(0)
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
thread = _Thread()
NO_LEVELS: Mapping[str, Level] = {}
levels: ContextVar[Mapping[str, Level]] = ContextVar("django_unblock.levels", default=NO_LEVELS)
one_off_loops: weakref.WeakSet[Loop] = weakref.WeakSet()
_mine: ContextVar[Scope | None] = ContextVar("django_unblock.scope", default=None)
_scopes: weakref.WeakKeyDictionary[Task, Scope] = weakref.WeakKeyDictionary()


def scope_here() -> Scope | None:
    """Return the scope of the running task or worker call; None in plain synchronous code."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return thread.scope
    if task is None:
        return None
    scope = _mine.get()
    if scope is not None and scope.is_of(task):
        return scope
    return _enter(task, scope)


def scope_for_thread() -> Scope:
    """Return a scope for what worker threads do for the running code; it goes by its name."""
    caller = scope_here()
    return Scope(asyncio.get_running_loop(), caller.name if caller is not None else "a thread")


def _enter(task: Task, inherited: Scope | None) -> Scope:
    scope = _scopes.get(task)
    if scope is None:
        scope = _scopes[task] = Scope(task.get_loop(), _name(task, inherited), task)
        scope.parent = weakref.ref(inherited) if inherited is not None else None
        task.add_done_callback(scope.finish)
    _mine.set(scope)
    return scope


def _name(task: Task, inherited: Scope | None) -> str:
    """The task's name; that of the task that started it, if nobody has named it."""
    name = task.get_name()
    return inherited.name if inherited is not None and name.startswith("Task-") else name


def is_scope_variable(variable: ContextVar[Any]) -> bool:
    """Return whether a context variable is of this module: bound to the task that set it."""
    return variable is levels or variable is _mine


def settings_changed() -> None:
    """Use no wrapper again that was made before: it may remember what the settings were."""
    _Spare.settings += 1

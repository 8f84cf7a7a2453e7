"""Run synchronous code on an event loop without blocking it.

A synchronous call runs in a greenlet that belongs to the current task. When code inside it needs
something awaitable, it switches to the task, which awaits it as its own, and is switched back to
with the answer. So one thread runs many synchronous call stacks, each where the loop would
otherwise run one coroutine.

A greenlet of ours serves exactly one task. It shares that task's context variables, receives the
task's cancellation as ``CancelledError``, and is never resumed by anyone else. This is the only
module that imports greenlet.
"""

import asyncio
import sys
import threading
import types
from collections.abc import Awaitable, Callable, Coroutine, Generator
from functools import partial
from typing import Any, cast

from greenlet import getcurrent, greenlet

from django_unblock.errors import BridgeError
from django_unblock.loops import running_loop

type OnWait = Callable[[], None]

IDLE_GREENLETS = 64


class _Bridged(greenlet):
    """A greenlet of ours, bound to the task that steps it.

    Once its call has returned it waits for another one: a new greenlet costs more than all the
    switching that a short query needs.

    Attributes:
        task: the task that this greenlet runs for; None while it waits for a call.
        on_wait: called before the greenlet leaves the thread to others, and when its call ends.
        closing: the task is being torn down: nothing can be awaited any more.
        returned: what the call has returned, alone in a tuple; None before.
    """

    task: "asyncio.Task[Any] | None" = None
    on_wait: OnWait | None = None
    closing = False
    returned: tuple[Any] | None = None
    _call: Callable[[], Any] | None = None

    def __init__(self) -> None:
        super().__init__(self._body)

    def start(self, task: "asyncio.Task[Any]", call: Callable[[], Any]) -> Any:
        """Make the call for the task, up to where it first waits."""
        self.gr_context = getcurrent().gr_context
        self.task = task
        self._call = call
        self._adopt()
        return self.switch()

    def resume(self, value: object) -> Any:
        self._adopt()
        return self.switch(value)

    def fail(self, error: BaseException) -> Any:
        self.closing = self.closing or isinstance(error, GeneratorExit)
        self._adopt()
        try:  # thrown without a traceback, it would lose the one that it has
            return self.throw(type(error), error, _origin(error))
        finally:
            del error  # it comes back through this frame, which it would keep alive, and that it

    def result(self) -> Any:
        """Return what the call has returned; the greenlet is free for another."""
        returned: Any = self.returned
        self.returned = None
        self.gr_context = None
        if len(_idle.greenlets) < IDLE_GREENLETS:
            _idle.greenlets.append(self)
        return returned[0]

    def _body(self) -> None:
        while True:
            self._make_call()
            loop: Any = self.parent
            loop.switch()

    def _make_call(self) -> None:
        call: Any = self._call
        self._call = None
        try:
            self.returned = (call(),)
        finally:
            if self.on_wait is not None:
                self.on_wait()
                self.on_wait = None
            self.task = None  # the task keeps its error, that its frames, and they this greenlet

    def _adopt(self) -> None:
        # An eager task starts inside another greenlet and is stepped from the loop later.
        here = getcurrent()
        if self.parent is not here:
            self.parent = here


class _Idle(threading.local):
    """This thread's greenlets that wait for a call."""

    def __init__(self) -> None:
        self.greenlets: list[_Bridged] = []


_idle = _Idle()


def _origin(error: BaseException) -> types.TracebackType | None:
    """The traceback of an error that was just caught, without the frame that caught it."""
    return error.__traceback__.tb_next if error.__traceback__ is not None else None


def inside() -> bool:
    """Return whether the running code may call `wait`: it runs in a greenlet of its task."""
    here = getcurrent()
    return isinstance(here, _Bridged) and here.task is asyncio.current_task()


async def run[**P, R](fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a synchronous callable on the running loop and return its result.

    Inside it, `wait` lets other tasks run. Context variables are those of the calling task, in
    both directions; exceptions arrive with their traceback. Nested in another `run` or `drive`
    of the same task, the callable is simply called.

    Raises:
        RuntimeError: no asyncio task is running.
        Exception: whatever the callable raises.
    """
    if inside():
        return fn(*args, **kwargs)
    task = asyncio.current_task()
    if task is None:
        raise BridgeError("R104", "run() needs a running asyncio task; it was awaited outside one.")
    call: Callable[[], R] = partial(fn, *args, **kwargs)
    if (handled := sys.exception()) is not None:
        call = partial(_call_handling, handled, call)
    bridged = _idle.greenlets.pop() if _idle.greenlets else _Bridged()
    yielded = bridged.start(task, call)
    del task, handled, call  # they keep an error that passes through this frame, or are kept by it
    if bridged.returned is None:
        await _carry(bridged, yielded)
    result: R = bridged.result()
    return result


def _call_handling[R](error: BaseException, call: Callable[[], R]) -> R:
    """Make the call where ``sys.exception()`` is ``error``: a greenlet starts without any."""
    traceback = error.__traceback__
    try:
        raise error  # noqa: TRY301 - to be handled here is all it is raised for
    except BaseException:  # noqa: BLE001 - it is being handled, by the caller
        error.__traceback__ = traceback
        return call()


@types.coroutine
def _carry(bridged: _Bridged, yielded: object) -> Generator[object, object, None]:
    """Await, as the task, what the greenlet switches out with, until its call returns."""
    while bridged.returned is None:
        try:
            answer = yield yielded
        except BaseException as error:  # noqa: BLE001 - delivered into the greenlet, whole
            yielded = bridged.fail(error)
        else:
            yielded = bridged.resume(answer)


def wait[T](awaitable: Awaitable[T]) -> T:
    """Wait, from synchronous code inside the bridge, for an awaitable and return its result.

    Other tasks run meanwhile. What the greenlet holds only while it runs (an idle database
    connection) is given up first.

    Raises:
        BridgeError: the code does not run inside the bridge (R101, R102, R103) or its task is
            being torn down (R105).
        asyncio.CancelledError: the task was cancelled while waiting.
    """
    return _step(_here(awaitable), awaitable, giving_up=True)


def suspend[T](awaitable: Awaitable[T]) -> T:
    """Like `wait`, but keep what the greenlet holds: it waits for exactly that."""
    here = _here(awaitable)
    if isinstance(awaitable, asyncio.Future):
        for future in awaitable.__await__():
            _leave(here, future)
        result: T = awaitable.result()
        return result
    return _step(here, awaitable, giving_up=False)


async def drive[T](coroutine: Coroutine[Any, Any, T]) -> T:
    """Await a coroutine so that synchronous code called from it may `wait`."""
    if inside():
        return await coroutine
    return await run(wait, coroutine)


def on_wait(callback: OnWait) -> bool:
    """Have ``callback`` called whenever the current greenlet is about to wait, and when it ends.

    There is one callback per greenlet, which must not wait itself: a second one is ignored.
    Returns False, and does nothing, outside the bridge.
    """
    here = getcurrent()
    if not isinstance(here, _Bridged) or here.task is not asyncio.current_task():
        return False
    if here.on_wait is None:
        here.on_wait = callback
    return True


def _step[T](here: _Bridged, awaitable: Awaitable[T], *, giving_up: bool) -> T:
    coroutine = awaitable if asyncio.iscoroutine(awaitable) else awaiting(awaitable)
    resume: Callable[[Any], object] = coroutine.send
    value: object = None
    try:
        while True:
            yielded = resume(value)
            if giving_up and here.on_wait is not None:
                here.on_wait()
            try:
                value = _leave(here, yielded)
                resume = coroutine.send
            except BaseException as error:  # noqa: BLE001 - delivered into the coroutine, whole
                value, resume = error, coroutine.throw
    except StopIteration as stop:
        return cast("T", stop.value)
    finally:
        value = None  # an exception kept here would refer to this frame, and it to the exception


async def awaiting[T](awaitable: Awaitable[T]) -> T:
    """Make a coroutine of something awaitable."""
    return await awaitable


def _leave(here: _Bridged, yielded: object) -> object:
    if here.closing:
        raise BridgeError("R105", "the task is being closed: nothing can be awaited any more.")
    loop: Any = here.parent
    return loop.switch(yielded)


def _here(awaitable: object) -> _Bridged:
    here = getcurrent()
    if isinstance(here, _Bridged) and here.task is asyncio.current_task():
        return here
    if asyncio.iscoroutine(awaitable):
        awaitable.close()
    raise _misplaced(here)


def _misplaced(here: greenlet) -> BridgeError:
    if not isinstance(here, _Bridged) and here.parent is not None:
        return BridgeError(
            "R103",
            f"wait() was called in a greenlet of another library ({here!r}). django-unblock runs "
            "on asyncio; do not use it under gevent or eventlet, nor start greenlets in a view.",
        )
    if running_loop() is None:
        return BridgeError(
            "R101",
            "wait() was called from plain synchronous code: no event loop runs in this thread. "
            "Call the code with `await django_unblock.unblock(fn)(...)` from a coroutine.",
        )
    return BridgeError(
        "R102",
        "wait() was called from a coroutine that the bridge does not drive. Await the value "
        "instead, or call the synchronous code with `await django_unblock.unblock(fn)(...)`.",
    )

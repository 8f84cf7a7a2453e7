"""Where the connection pools are: one per event loop and database alias."""

import asyncio
import weakref
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from django_unblock import bridge, lifespan
from django_unblock.errors import OwnershipError
from django_unblock.loops import Loop, running_loop


class Pool(Protocol):
    """One alias's connections on one event loop, lent out one user at a time."""

    async def get(self, holder: str) -> Any:
        """Return a working connection, waiting for one if need be.

        ``holder`` names the borrower in messages.
        """

    def get_nowait(self, holder: str) -> Any | None:
        """Return a working connection if one is free and needs no looking after."""

    def give_back(self, connection: Any) -> None:
        """Take a connection back, from any thread. Closed ones are replaced."""

    async def close(self) -> None:
        """Close every connection that is not in use; those in use when they are given back."""


type MakePool = Callable[[], Pool]
type Loan = tuple[str, float]  # the holder, and the loop's time when it got the connection

_HOLDING = (
    "A transaction or an open iterator() keeps its connection while it waits for "
    "something else: shorten it, or raise OPTIONS['pool']['max_size']."
)
_CONNECTING = (
    "the server takes long to connect to. Look at its load, or raise OPTIONS['pool']['timeout']."
)


@dataclass(slots=True)
class _LoopPools:
    pools: dict[str, Pool] = field(default_factory=dict)
    closer: AsyncGenerator[None] | None = None


_loops: weakref.WeakKeyDictionary[Loop, _LoopPools] = weakref.WeakKeyDictionary()


def find(loop: Loop, alias: str) -> Any | None:
    """Return the loop's pool for the alias, if it has one yet."""
    held = _loops.get(loop)
    return held.pools.get(alias) if held is not None else None


def borrow(home: Loop, alias: str, make: MakePool, holder: str) -> Any:
    """Return a connection from the loop's pool for the alias, which is made if need be.

    Callable inside the bridge on that loop, and from a worker thread while the loop runs.
    Raises what `Pool.get` raises, and OwnershipError (R204) in a thread whose loop is closed.
    """
    if not bridge.inside():
        if home.is_closed():
            raise OwnershipError(
                "R204",
                "this thread works for an event loop that has ended, and its connections with it. "
                "Have the loop await what it starts.",
            )
        getting = _get(home, alias, make, holder)
        return asyncio.run_coroutine_threadsafe(getting, home).result()
    pool = find(home, alias)
    warm = pool.get_nowait(holder) if pool is not None else None
    return warm or bridge.suspend(_get(home, alias, make, holder))


def is_running_here(loop: Loop) -> bool:
    """Return whether the loop runs in this thread."""
    return running_loop() is loop


async def close(alias: str) -> None:
    """Close the running loop's pool for the alias, if any. A later query opens a new one."""
    held = _loops.get(asyncio.get_running_loop())
    pool = held.pools.pop(alias, None) if held is not None else None
    if pool is not None:
        await pool.close()


@lifespan.on_shutdown
async def close_all() -> None:
    """Close the running loop's pools. A later query opens new ones."""
    held = _loops.pop(asyncio.get_running_loop(), None)
    if held is not None and held.closer is not None:
        await held.closer.aclose()


def exhausted(alias: str, loans: Iterable[Loan], size: int, waited: float) -> str:
    """Return the message (R301) for who waited in vain, in seconds, and who holds what how long."""
    now = asyncio.get_running_loop().time()
    held: dict[str, list[float]] = {}
    for name, since in loans:
        held.setdefault(name, []).append(now - since)
    count = sum(map(len, held.values()))
    most = sorted(held.items(), key=lambda item: len(item[1]), reverse=True)[:5]
    used_by = ", ".join(f"{name} ({len(each)}, for {max(each):.1f} s)" for name, each in most)
    return (
        f"R301: no connection to {alias!r} became free within {waited:.1f} s; "
        f"{count} of at most {size} are in use"
        + (f", by: {used_by}. {_HOLDING}" if count == size else f": {_CONNECTING}")
    )


async def _get(home: Loop, alias: str, make: MakePool, holder: str) -> Any:
    held = _loops.get(home)
    if held is None:
        held = _loops[home] = _LoopPools()
        held.closer = _close_with_loop(held)
        await anext(held.closer)
    pool = held.pools.get(alias)
    if pool is None:
        pool = held.pools[alias] = make()
    return await pool.get(holder)


async def _close_with_loop(held: _LoopPools) -> AsyncGenerator[None]:
    """Close the pools when this generator is closed: event loops close theirs as they end.

    See https://docs.python.org/3/library/asyncio-eventloop.html#asyncio.loop.shutdown_asyncgens.
    """
    try:
        yield
    finally:
        while held.pools:
            await held.pools.popitem()[1].close()

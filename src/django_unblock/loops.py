"""What asyncio says with an exception or a check of one's own: whether a loop runs, settling once."""

import asyncio

type Loop = asyncio.AbstractEventLoop


def running_loop() -> Loop | None:
    """Return the event loop that runs in this thread; None if none does."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def settle[T](future: "asyncio.Future[T]", value: T) -> None:
    """Give a future its result, unless it has one or was cancelled."""
    if not future.done():
        future.set_result(value)

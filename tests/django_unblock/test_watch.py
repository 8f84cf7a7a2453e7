"""Who blocks the loop is named by the line in the test; what does not block it is left alone."""

import asyncio
import logging
import threading
import time
from typing import Any

import pytest
from django.test import override_settings

from django_unblock import bridge, watch

LIMIT_MS = 100
TOO_LONG = 0.3


def block() -> None:
    time.sleep(TOO_LONG)  # the line to be named


BLOCKING_LINE = block.__code__.co_firstlineno + 1


def test_names_the_line_that_blocks() -> None:
    async def main() -> None:
        await asyncio.sleep(0)
        block()
        await asyncio.sleep(0)

    async def watched() -> None:
        with watch.fails_if_blocked(LIMIT_MS):
            await main()

    with pytest.raises(watch.LoopBlockedError) as raised:
        asyncio.run(watched())
    (blocking,) = raised.value.found
    assert (blocking.file, blocking.line, blocking.function) == (__file__, BLOCKING_LINE, "block")
    assert blocking.ms > LIMIT_MS
    assert f"{__file__}:{BLOCKING_LINE} in block" in str(raised.value)


def test_names_the_project_rather_than_the_library_it_calls() -> None:
    slow = threading.Event()

    async def watched() -> None:
        with watch.fails_if_blocked(LIMIT_MS):
            slow.wait(TOO_LONG)

    with pytest.raises(watch.LoopBlockedError) as raised:
        asyncio.run(watched())
    (blocking,) = raised.value.found
    assert blocking.file == __file__
    assert "wait (threading.py:" in blocking.inside


def test_names_code_inside_the_bridge() -> None:
    async def watched() -> None:
        with watch.fails_if_blocked(LIMIT_MS):
            await bridge.run(block)

    with pytest.raises(watch.LoopBlockedError) as raised:
        asyncio.run(watched())
    assert [found.line for found in raised.value.found] == [BLOCKING_LINE]


def test_leaves_waiting_alone() -> None:
    async def watched() -> str:
        with watch.fails_if_blocked(LIMIT_MS):
            await asyncio.sleep(TOO_LONG)
            await asyncio.to_thread(block)
        return "not blocked"

    assert asyncio.run(watched()) == "not blocked"


def test_an_error_in_the_block_is_the_one_that_is_raised() -> None:
    async def watched() -> None:
        with watch.fails_if_blocked(LIMIT_MS):
            block()
            raise KeyError("own")

    with pytest.raises(KeyError):
        asyncio.run(watched())


def test_logs_each_place_once_while_the_server_runs(caplog: Any) -> None:
    async def served() -> None:
        await watch.start()
        for _ in range(2):
            block()
            await asyncio.sleep(0.01)
        await watch.stop()

    caplog.set_level(logging.WARNING, "django_unblock.watch")
    with override_settings(UNBLOCK={"WATCH_MS": LIMIT_MS}):
        asyncio.run(served())
    (record,) = caplog.records
    assert f"{__file__}:{BLOCKING_LINE} in block" in record.getMessage()


def test_watches_nothing_unless_asked() -> None:
    async def served() -> list[str]:
        await watch.start()
        names = [thread.name for thread in threading.enumerate()]
        await watch.stop()
        return names

    assert "unblock-watch" not in asyncio.run(served())


def test_decorates_async_functions() -> None:
    @watch.fails_if_blocked(LIMIT_MS)
    async def blocks(name: str) -> str:
        if name == "block":
            block()
        return name

    assert asyncio.run(blocks("leave alone")) == "leave alone"
    with pytest.raises(watch.LoopBlockedError, match="R601"):
        asyncio.run(blocks("block"))
    assert asyncio.run(blocks("leave alone")) == "leave alone"

"""The fixture fails whoever blocks the loop, in functions and in TestCases, and nobody else."""

import pytest

pytest_plugins = ["pytester"]

CONFTEST = """
import asyncio
from inspect import iscoroutinefunction
import pytest
from django.conf import settings

settings.configure(UNBLOCK={"WATCH_MS": 250})

@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    if iscoroutinefunction(pyfuncitem.obj):
        asyncio.run(pyfuncitem.obj())
        return True
"""

TESTS = """
import asyncio, time, unittest
import pytest
from django.test import SimpleTestCase

async def test_blocks():
    await asyncio.sleep(0)
    time.sleep(0.6)

async def test_waits():
    await asyncio.sleep(0.6)

def test_is_synchronous():
    time.sleep(0.6)

class InTestCase(SimpleTestCase):
    async def test_blocks(self):
        time.sleep(0.6)

    async def test_waits(self):
        await asyncio.sleep(0.6)
"""


def test_unblocked_loop(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(CONFTEST)
    pytester.makeini("[pytest]\nusefixtures = unblocked_loop\n")
    pytester.makepyfile(TESTS)
    ran = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    ran.assert_outcomes(passed=3, failed=2)
    ran.stdout.fnmatch_lines(
        [
            "*test_unblocked_loop.py:7 in test_blocks, at *",
            "*test_unblocked_loop.py:17 in InTestCase.test_blocks, at *",
        ]
    )

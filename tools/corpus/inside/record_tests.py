"""A plugin of pytest: writes each test's outcome to a file as it happens, in the form of `suite_runner.py`.

A run that is taken up again leaves out the tests whose outcome the file has already.
"""

from typing import Any

import pytest
from suite_runner import recorded, write

_noted: dict[str, tuple[str, str]] = {}


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """Leave out the tests that have an outcome."""
    done = recorded()
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid in done])
    items[:] = [item for item in items if item.nodeid not in done]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logstart(nodeid: str) -> None:
    """Note that the test has begun."""
    _noted[nodeid] = ("passed", "")
    write(start=nodeid)


def pytest_runtest_logreport(report: Any) -> None:
    """Note the worst of set-up, call and tear-down."""
    if report.failed and _noted[report.nodeid][0] not in ("failed", "error"):
        word = "failed" if report.when == "call" else "error"
        _noted[report.nodeid] = (word, report.longreprtext)
    elif report.skipped:
        word = "expected failure" if hasattr(report, "wasxfail") else "skipped"
        _noted[report.nodeid] = (word, report.longreprtext)


def pytest_runtest_logfinish(nodeid: str) -> None:
    """Write the outcome."""
    outcome, detail = _noted.pop(nodeid)
    write(test=nodeid, outcome=outcome, detail=detail)

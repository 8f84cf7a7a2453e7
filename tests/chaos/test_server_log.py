"""What `make chaos` reads from the server's log."""

import pytest

from tools.chaos.stage import COMPLAINTS, UNFINISHED

TOLD = [
    "Background tools.chaos.project.bank.job, started by GET /job/7-1/, failed",
    "Background tools.chaos.project.bank.job, started by GET /job/7-2/, was not finished 3.0 s after its loop's end",
]


def test_the_jobs_that_are_named_as_not_done() -> None:
    assert UNFINISHED.findall("\n".join(TOLD)) == ["7-1", "7-2"]


def test_a_job_that_only_started_is_not_among_them() -> None:
    line = "Background tools.chaos.project.bank.job, started by GET /job/7-1/, waits"
    assert UNFINISHED.findall(line) == []


@pytest.mark.parametrize(
    "line",
    [
        "Task exception was never retrieved",
        "Future exception was never retrieved",
        "Exception in callback Pool._sweep()",
        "RuntimeWarning: coroutine 'f' was never awaited",
        "Task was destroyed but it is pending!",
        "Exception ignored in: <generator object streamed at 0x7f>",
        "Hook <function close_all> failed",
    ],
)
def test_a_complaint(line: str) -> None:
    assert COMPLAINTS.search(line)


@pytest.mark.parametrize("line", [*TOLD, "INFO:     Application startup complete."])
def test_no_complaint(line: str) -> None:
    assert not COMPLAINTS.search(line)

"""What `make chaos` tells of a run."""

from tools.chaos import report
from tools.chaos.records import Answer, Ask, Fault, Outcome, PhaseTime, Run

PAGE = Ask("1", "page", "/page/1/", {})
RUN = Run(
    answers=(
        Answer(PAGE, "calm", Outcome.ANSWERED, 0.0, 0.1, 200, "1", {}),
        Answer(PAGE, "calm", Outcome.DROPPED, 0.0, 0.1),
        Answer(PAGE, "calm", Outcome.CUT, 0.0, 0.1),
        Answer(PAGE, "storm", Outcome.ANSWERED, 0.0, 0.1, 500, "1", {}),
    ),
    faults=(Fault("kill", 1.0, 1.1, 2), Fault("kill", 2.0, 2.1, 1), Fault("restart", 3.0, 4.5)),
    phases=(PhaseTime("calm", 12.34, 50.0), PhaseTime("storm", 5.0, 50.0)),
)


def cells(told: list[str]) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in told if "|" in line]


def test_requests_are_counted_by_phase_and_end() -> None:
    rows = cells(report.lines(RUN, report.judge(RUN), 7))
    assert ["calm", "12.3", "3", "1", "1", "1", "0"] in rows
    assert ["storm", "5.0", "1", "0", "0", "1", "0"] in rows
    assert ["database connections ended", "3"] in rows
    assert ["database restarts", "1 (1.5 s away)"] in rows


def test_what_does_not_hold_is_counted_and_named() -> None:
    verdicts = report.judge(RUN)
    assert ["shutdown is orderly", "1"] in cells(report.lines(RUN, verdicts, 7))
    assert "  the server was not shut down" in report.violations(verdicts)


def test_many_violations_are_cut_short() -> None:
    verdict = report.Verdict("one", "What it means.", tuple(map(str, range(25))))
    told = report.violations((verdict,))
    assert told[-1] == "  and 15 more"
    assert "  9" in told
    assert "  10" not in told


def test_the_seed_is_told() -> None:
    assert report.lines(RUN, (), 7)[-1].startswith("Seed 7, ")

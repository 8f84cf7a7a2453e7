"""What a run came to: a table for the terminal and the section of docs/chaos.md."""

import os
import platform
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version

from tools.chaos.checks import CHECKS
from tools.chaos.records import Answer, Outcome, Run
from tools.markdown_table import markdown_table

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check's: its name, what it means, and its violations."""

    name: str
    meaning: str
    violations: tuple[str, ...]


def judge(run: Run) -> tuple[Verdict, ...]:
    """Make every check."""
    return tuple(
        Verdict(check.__name__.replace("_", " "), check.__doc__ or "", tuple(check(run)))
        for check in CHECKS
    )


def lines(run: Run, verdicts: Iterable[Verdict], seed: int) -> list[str]:
    """Return the result as Markdown tables, readable as they are."""
    return [
        *markdown_table(
            ("phase", "seconds", "requests", "answered", "dropped", "failed", "refused as asked"),
            [_phase_row(phase.phase, phase.seconds, run.answers) for phase in run.phases],
        ),
        "",
        *markdown_table(("what was broken", "count"), _broken(run)),
        "",
        *markdown_table(
            ("check", "violations"), [(v.name, str(len(v.violations))) for v in verdicts]
        ),
        "",
        f"Seed {seed}, {_machine()}.",
    ]


def violations(verdicts: Iterable[Verdict]) -> list[str]:
    """Return the first violations of each failed check."""
    told = []
    for verdict in verdicts:
        if verdict.violations:
            told += ["", f"{verdict.name}: {verdict.meaning}"]
            told += [f"  {violation}" for violation in verdict.violations[:SHOWN]]
            if len(verdict.violations) > SHOWN:
                told.append(f"  and {len(verdict.violations) - SHOWN} more")
    return told


def _phase_row(phase: str, seconds: float, answers: Iterable[Answer]) -> tuple[str, ...]:
    its = [answer for answer in answers if answer.phase == phase]
    counted = Counter(_ending(answer) for answer in its)
    return (
        phase,
        f"{seconds:.1f}",
        *(str(count) for count in (len(its), *(counted[end] for end in _ENDINGS))),
    )


_ENDINGS = ("answered", "dropped", "failed", "refused")


def _ending(answer: Answer) -> str:
    if answer.outcome is Outcome.DROPPED:
        return "dropped"
    if answer.outcome is Outcome.ANSWERED and answer.status == 200:
        return "answered"
    return "refused" if answer.ask.refused else "failed"


def _broken(run: Run) -> list[tuple[str, str]]:
    kills = [fault for fault in run.faults if fault.kind == "kill"]
    restarts = [fault for fault in run.faults if fault.kind == "restart"]
    down = sum(fault.ended - fault.began for fault in restarts)
    rows = [
        ("database connections ended", str(sum(fault.backends for fault in kills))),
        ("database restarts", f"{len(restarts)} ({down:.1f} s away)"),
    ]
    if run.shutdown is not None:
        rows += [
            ("background jobs pending at SIGTERM", str(run.shutdown.pending)),
            ("seconds from SIGTERM to the end", f"{run.shutdown.seconds:.1f}"),
            ("jobs named in the log as not done", str(len(run.shutdown.unfinished))),
            ("jobs done", str(len(run.books.jobs_done))),
            ("transfers committed", str(len(run.books.booked))),
        ]
    return rows


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in ("Django", "psycopg", "uvicorn"))
    python = f"CPython {platform.python_version()}"
    return f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GB, {python}, {versions}"

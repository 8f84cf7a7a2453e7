"""What is measured of a project: processes of its own, one after the other."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from benchmarks.survey.projects import Project

type Measure = Literal["parse", "read", "first", "second"]


@dataclass(frozen=True, slots=True)
class Sample:
    """Seconds that one measure took for the project of so many lines."""

    lines: int
    measure: Measure
    seconds: float


def samples(project: Project) -> Iterator[Sample]:
    """Every measure once: reading stands between two of parsing, so that a busy moment meets both."""
    yield Sample(project.lines, "parse", _inside(project, "parse"))
    yield Sample(project.lines, "read", _inside(project, "read"))
    yield Sample(project.lines, "parse", _inside(project, "parse"))
    shutil.rmtree(project.root / ".unblock", ignore_errors=True)
    yield Sample(project.lines, "first", _command(project))
    yield Sample(project.lines, "second", _command(project))


def _inside(project: Project, measure: str) -> float:
    told = _run(project, "benchmarks.survey.inside", measure, str(project.root))
    return float(told.splitlines()[-1])


def _command(project: Project) -> float:
    started = time.perf_counter()
    _run(project, "unblocker", "survey", str(project.root), "--quiet")
    return time.perf_counter() - started


def _run(project: Project, module: str, *arguments: str) -> str:
    """The module's output; RuntimeError with what it says where it fails."""
    python = str(project.installed.python)
    done = subprocess.run(
        (python, "-W", "ignore", "-m", module, *arguments),
        cwd=project.root,
        env=project.variables,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{module} {' '.join(arguments)} failed:\n{done.stderr}")
    return done.stdout

"""Running the survey's own command on a package's project, in the package's environment."""

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from tools.environments import Environment
from tools.survey_wild.outcome import Outcome, failure, outcome_of
from tools.survey_wild.packages import Package, locked, version
from tools.survey_wild.project import make_project
from unblocker.records.codec import load
from unblocker.records.survey import Survey


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that has ended: its status, what it took, and whether it ended by itself."""

    status: int
    seconds: float
    megabytes: float
    in_time: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """Where packages are surveyed: the folder of their projects and logs, and the seconds that each may take."""

    folder: Path
    seconds: int

    def survey(self, package: Package, environment: Environment) -> Outcome:
        """Survey the package; its project, its survey and `log` stay in a folder of its name."""
        project = self.folder / package.name
        make_project(package, environment, project)
        log = project / "log"
        ended = run_within(environment, project, log, self.seconds)
        told = log.read_text(encoding="utf-8", errors="replace")
        number = version(package.name, locked(package.django))
        why = failure(ended.status, told, in_time=ended.in_time)
        if why:
            return Outcome(package, number, why, ended.seconds, ended.megabytes)
        survey = load(project / ".unblock" / "survey.json", Survey)
        return outcome_of(package, number, survey, (ended.seconds, ended.megabytes))


def run_within(environment: Environment, project: Path, log: Path, seconds: int) -> Ended:
    """Run `django-unblock survey` on the project, all it says into `log`; end it after so many seconds."""
    command = [str(environment.python), "-m", "unblocker", "survey", str(project)]
    start = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment.variables),
        )
        late = threading.Timer(seconds, process.kill)
        late.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        finally:
            late.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    took = time.monotonic() - start
    return Ended(process.returncode, took, usage.ru_maxrss / 1024, took < seconds)

"""Management commands of a project tree, run in processes of their own: preparing a database, the project's tests."""

import re
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from unblocker.errors import UnblockError
from unblocker.records.measurement import Side
from unblocker.records.report import SuiteRun
from unblocker.services.processes import Command, Supervisor

RAN = re.compile(r"^Ran (\d+) tests? in ", re.MULTILINE)
FAILED = re.compile(r"^FAILED \((.*)\)$", re.MULTILINE)
COUNT = re.compile(r"(?:failures|errors|unexpected successes)=(\d+)")


@dataclass(frozen=True, slots=True)
class Management:
    """Runs commands of the project in `tree`; what they print goes to files in `logs`."""

    supervisor: Supervisor
    tree: Path
    environment: Mapping[str, str]
    logs: Path

    def run(self, command: str) -> None:
        """Run `manage.py <command>`.

        Raises:
            UnblockError: it failed (U004); with its last log lines.
        """
        name = shlex.split(command)[0]
        log = self.logs / f"{self.tree.name}-{name}.log"
        if status := self._execute(command, log):
            raise UnblockError(
                "U004",
                f"`manage.py {command}` in {self.tree} failed with status {status}",
                hint=f"Last lines of {log}:\n{last_lines(log)}",
            )

    def database_file(self, alias: str) -> Path:
        """The file that the project's settings name for an SQLite alias of DATABASES; raises as `run`."""
        asked = f"from django.conf import settings; print(settings.DATABASES[{alias!r}]['NAME'])"
        self.run(f"shell --verbosity 0 --command {shlex.quote(asked)}")
        log = self.logs / f"{self.tree.name}-shell.log"
        return self.tree / log.read_text(encoding="utf-8").splitlines()[-1]

    def suite(self, command: str, side: Side) -> SuiteRun:
        """Run the project's own tests and read off how they went.

        Raises:
            UnblockError: no test ran (U004).
        """
        log = self.logs / f"{self.tree.name}-suite.log"
        started = monotonic()
        self._execute(f"{command} --noinput", log)
        text = log.read_text(encoding="utf-8", errors="replace")
        ran = RAN.search(text)
        if ran is None:
            raise UnblockError(
                "U004",
                f"`manage.py {command}` in {self.tree} ran no test",
                hint=f"Last lines of {log}:\n{last_lines(log)}",
            )
        failed = FAILED.search(text)
        failures = sum(map(int, COUNT.findall(failed[1]))) if failed else 0
        return SuiteRun(side, int(ran[1]), failures, monotonic() - started)

    def _execute(self, command: str, log: Path) -> int:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_bytes(b"")
        process = self.supervisor.spawn(
            Command(
                name=f"manage.py {command}",
                argv=(sys.executable, "manage.py", *shlex.split(command)),
                cwd=self.tree,
                log=log,
                env=self.environment,
            )
        )
        status = process.wait()
        self.supervisor.stop(process)
        return status


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log file."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])

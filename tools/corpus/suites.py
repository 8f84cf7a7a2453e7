"""An app's test suite, run in its project: what became of each test."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.corpus.processes import run_to_end
from tools.corpus.project import RUN_SETTINGS
from tools.corpus.recipes import HERE, Recipe
from tools.django_suite import outcomes
from tools.django_suite.outcomes import Outcome
from tools.environments import ROOT, Environment
from unblocker.services.ports import LOOPBACK

STOCK = "django.db.backends.postgresql"
OURS = "django_unblock.db.postgresql"
RESTARTS = 5
_INSIDE = (HERE / "inside", ROOT / "tools" / "django_suite" / "inside")


class CannotRunError(Exception):
    """The suite did not run at all; the message has the end of its log."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where an app's suite is run.

    Attributes:
        project: the folder of the app's code.
        results: the folder for records and logs.
        port: the database server's, on loopback.
    """

    recipe: Recipe
    environment: Environment
    project: Path
    results: Path
    port: int

    def run(
        self, name: str, engine: str, *, adopted: bool, labels: tuple[str, ...] = ()
    ) -> dict[str, Outcome]:
        """Run the suite, or the tests of the labels, on this engine; records and logs carry `name`.

        `adopted` adds the runtime's app.

        A test that hangs, or takes its process with it, is noted, and the others are run without it.

        Raises:
            CannotRunError: no test ran, or too many hung.
        """
        record = self.results / f"{name}.jsonl"
        record.unlink(missing_ok=True)
        for attempt in range(RESTARTS):
            log = self.results / f"{name}-{attempt}.log"
            command = self._command(labels or self.recipe.suite.labels)
            variables = self._recording(record, engine, adopted=adopted)
            seconds = self.recipe.suite.seconds
            ended = run_to_end(command, self.project, variables, log, seconds)
            seen = outcomes.read(record)
            if seen.running is None:
                if not seen.outcomes:
                    raise CannotRunError(f"{self.recipe.name}, {name}: no test ran\n{_tail(log)}")
                return dict(seen.outcomes)
            word = "crashed" if ended.in_time else "hung"
            outcomes.append(record, Outcome(seen.running, word, _tail(log)))
        raise CannotRunError(f"{self.recipe.name}, {name}: {RESTARTS} tests hung or crashed")

    def variables(self, engine: str, *, adopted: bool) -> Mapping[str, str]:
        """The variables for processes that load the project on this engine."""
        given = self.environment.variables
        return {
            **given,
            "PYTHONPATH": ":".join([given["PYTHONPATH"], str(self.project), *map(str, _INSIDE)]),
            "DJANGO_SETTINGS_MODULE": RUN_SETTINGS,
            "CORPUS_ENGINE": engine,
            "CORPUS_HOST": LOOPBACK,
            "CORPUS_PORT": str(self.port),
            "CORPUS_DATABASE": f"corpus_{self.recipe.name}".replace("-", "_"),
            "CORPUS_APP": "1" if adopted else "",
        }

    def _recording(self, record: Path, engine: str, *, adopted: bool) -> Mapping[str, str]:
        return {**self.variables(engine, adopted=adopted), "SUITE_RECORD": str(record)}

    def _command(self, labels: tuple[str, ...]) -> tuple[str, ...]:
        python = str(self.environment.python)
        if self.recipe.suite.runner == "pytest":
            options = ("-q", "-p", "record_tests", f"--ds={RUN_SETTINGS}", "--create-db")
            return (python, "-m", "pytest", *options, *labels)
        return (python, "-m", "django", "test", "--noinput", *labels)


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-4000:]

"""One app from its sdist to its result: suite, conversion, suite on the stock backend, suite on the runtime."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tools.corpus import project
from tools.corpus.processes import run_to_end
from tools.corpus.recipes import Recipe, recipes
from tools.corpus.results import Cost, Result, Views, broken, compared, views_of
from tools.corpus.suites import OURS, STOCK, CannotRunError, Stage
from tools.django_suite import outcomes
from tools.environments import CannotInstallError, environment
from tools.sdists import CannotFetchError
from unblocker.records.changeset import Changeset
from unblocker.records.codec import load, save
from unblocker.records.plan import Plan
from unblocker.records.survey import Survey

SECONDS = 600
"""A conversion that takes longer is ended."""
_NEEDS = ("psycopg[binary]", "pytest", "pytest-django")


class CannotConvertError(Exception):
    """The conversion ended with an error; the message is the end of what it said."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Where apps are run: a folder for each of them, and the database server's port."""

    folder: Path
    port: int
    say: Callable[[str], None]

    def run(self, recipe: Recipe) -> Result:
        """Run the app; its records stay in its folder, its result in `result.json` there."""
        results = self.folder / recipe.name
        results.mkdir(parents=True, exist_ok=True)
        try:
            result = self._run(recipe, results)
        except (
            CannotFetchError, CannotInstallError, CannotRunError, CannotConvertError,
        ) as error:  # fmt: skip
            result = Result(recipe.name, recipe.version, _today(), failure=str(error))
        save(result, results / "result.json")
        return result

    def _run(self, recipe: Recipe, results: Path) -> Result:
        made = environment(recipe.name, [*recipe.requirements, *_NEEDS], self.say)
        stage = Stage(recipe, made, results / "project", results, self.port)
        self.say(f"{recipe.name}: its suite as published")
        project.make_project(recipe, stage.project)
        before = stage.run("before", STOCK, adopted=False)
        self.say(f"{recipe.name}: the conversion")
        views, cost = convert(stage)
        self.say(f"{recipe.name}: its suite on the stock backend")
        stock = stage.run("stock", STOCK, adopted=True)
        self.say(f"{recipe.name}: its suite on the runtime")
        ours = stage.run("runtime", OURS, adopted=True)
        labels = tuple(outcomes.label(one.test) for one in broken(before, ours))
        again = stage.run("again", OURS, adopted=True, labels=labels) if labels else {}
        tests = compared(before, stock, ours, again)
        return Result(recipe.name, recipe.version, _today(), views=views, tests=tests, cost=cost)


def kept(folder: Path) -> list[Result]:
    """The results of the last runs in this folder, of all apps that were run."""
    found = (folder / recipe.name / "result.json" for recipe in recipes())
    return [load(path, Result) for path in found if path.exists()]


def _today() -> str:
    return str(datetime.now(tz=UTC).date())


def convert(stage: Stage) -> tuple[Views, Cost]:
    """Convert the project with the command that a user would type.

    Raises:
        CannotConvertError: it ended with an error.
    """
    log = stage.results / "convert.log"
    command = (str(stage.environment.python), "-m", "unblocker", "convert")
    options = (str(stage.project), "--settings", project.RUN_SETTINGS, "--write")
    variables = stage.variables(STOCK, adopted=False)
    ended = run_to_end((*command, *options), stage.project, variables, log, SECONDS)
    if ended.status:
        told = log.read_text(encoding="utf-8", errors="replace")[-3000:]
        raise CannotConvertError(f"{stage.recipe.name}: convert ended with {ended.status}\n{told}")
    kept = stage.project / ".unblock"
    changeset = load(kept / "changeset.json", Changeset)
    views = views_of(load(kept / "survey.json", Survey), load(kept / "plan.json", Plan), changeset)
    added, removed = project.lines_changed(stage.project)
    return views, Cost(ended.seconds, ended.megabytes, len(changeset.files), added, removed)

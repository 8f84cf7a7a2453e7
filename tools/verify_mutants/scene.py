"""A project on its stage: services up, its code before and after, and each mutant at URLs of its own in both.

The world is brought up once: what a mutant needs is one more module and one more URL.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tools.environments import ROOT
from tools.verify_mutants.mutants import Mutant
from unblocker.cli.proof import databases_of, views_of
from unblocker.cli.staging import SEEDED, Staged, staged
from unblocker.cli.traffic_files import traffic_of
from unblocker.cli.workspace import CHANGESET, PLAN, SURVEY, open_workspace
from unblocker.records.changeset import Changeset
from unblocker.records.evidence import Evidence
from unblocker.records.plan import Plan
from unblocker.records.survey import Survey
from unblocker.records.traffic import Request
from unblocker.verify import Effort, Trees, ViewToVerify, World, verify

HERE = Path(__file__).parent
LAID = HERE / "laid"
SETTINGS = "verify_mutants_settings"
_PARAMETER = re.compile(r"<[^>]+>")

type Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Project:
    """A project whose conversion is right.

    Attributes:
        root: its folder.
        by_hand: files to lay over what `convert` makes of it, for a conversion that does not change with `convert`;
            None to take that itself.
    """

    name: str
    root: Path
    by_hand: Path | None = None

    def has_module(self, mutant: Mutant) -> bool:
        """Whether the mutant is of a module of this project."""
        return (self.root / f"{mutant.module.replace('.', '/')}.py").exists()


SHOP = Project("shop", ROOT / "examples" / "shop")
LIBRARY = Project("library", HERE / "library", HERE / "converted")
LIBRARY_CONVERTED = replace(LIBRARY, name="library, by convert", by_hand=None)


@dataclass(frozen=True, slots=True)
class Scene:
    """What runs of verify on one project need."""

    stage: Staged
    survey: Survey
    views: tuple[ViewToVerify, ...]
    traffic: tuple[Request, ...]

    def has(self, mutant: Mutant) -> bool:
        """Whether it is a mutant of a view of this project."""
        return any(view.id == mutant.view for view in self.views)

    def verify_right(self, effort: Effort, progress: Progress) -> Evidence:
        """The evidence on the conversion as it is."""
        return self._verify(
            self.survey.project.settings, self.traffic, self.views, effort, progress
        )

    def of_views(self, names: Collection[str]) -> "Scene":
        """The same with these views and the requests to them only."""
        views = tuple(view for view in self.views if view.id in names)
        traffic = tuple(request for view in views for request in self._requests_to(view.routes))
        return replace(self, views=views, traffic=traffic)

    def verify_old(self, effort: Effort, progress: Progress) -> Evidence:
        """The evidence on the old code beside itself, all of it tried."""
        views = tuple(replace(view, is_tried=True, accepted=()) for view in self.views)
        return self._verify(
            self.survey.project.settings, self.traffic, views, effort, progress, new="before"
        )

    def verify_mutants(
        self, mutants: Sequence[Mutant], effort: Effort, progress: Progress
    ) -> Evidence:
        """The evidence on each mutant, by its name: the requests to its view, one mutant after the other.

        Raises:
            BadMutantError: a mutant's patch does not fit its module.
        """
        right = {view.id: view for view in self.views}
        routes = {name: view.routes for name, view in right.items()}
        for side in ("before", "after"):
            self._lay(side, mutants, routes)
        traffic = [
            replace(request, path=f"/{mutant.name}{request.path}")
            for mutant in mutants
            for request in self._requests_to(routes[mutant.view])
        ]
        views = tuple(
            replace(
                right[mutant.view],
                id=mutant.name,
                routes=tuple(f"{mutant.name}/{route}" for route in routes[mutant.view]),
            )
            for mutant in mutants
        )
        return self._verify(SETTINGS, tuple(traffic), views, effort, progress)

    def _verify(
        self,
        settings: str,
        traffic: tuple[Request, ...],
        views: tuple[ViewToVerify, ...],
        effort: Effort,
        progress: Progress,
        *,
        new: str = "after",
    ) -> Evidence:
        trees = Trees(self.stage.folder / "before", self.stage.folder / new, settings)
        databases = databases_of(self.stage, self.survey)
        world = World(environment={**os.environ, **self.stage.environment(SEEDED, near=True)})
        return verify(trees, traffic, databases, views, world, progress, effort=effort)

    def _requests_to(self, routes: Sequence[str]) -> Iterator[Request]:
        patterns = [re.compile(f"/{_PARAMETER.sub('[^/]+', route)}") for route in routes]
        for request in self.traffic:
            if any(pattern.fullmatch(request.path) for pattern in patterns):
                yield request

    def _lay(
        self, side: str, mutants: Sequence[Mutant], routes: dict[str, tuple[str, ...]]
    ) -> None:
        tree = self.stage.folder / side
        folder = tree / "verify_mutants"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        told = [{"name": one.name, "view": one.view, "routes": routes[one.view]} for one in mutants]
        (folder / "mutants.json").write_text(json.dumps(told))
        if side == "after":
            for mutant in mutants:
                source = (tree / f"{mutant.module.replace('.', '/')}.py").read_text()
                (folder / f"{mutant.name}.py").write_text(mutant.apply(source))
        shutil.copy(LAID / "verify_mutants_urls.py", tree)
        (tree / f"{SETTINGS}.py").write_text(
            f"from {self.survey.project.settings} import *\n"
            "PROJECT_URLCONF, ROOT_URLCONF = ROOT_URLCONF, 'verify_mutants_urls'\n"
        )


@contextmanager
def scene_of(project: Project, progress: Progress) -> Iterator[Scene]:
    """The project converted, with all that it needs running; gone when the block is left.

    Raises:
        UnblockError: it can't be brought up.
    """
    with tempfile.TemporaryDirectory(prefix="verify-mutants-") as folder:
        there = open_workspace(project.root)
        with staged(there, Path(folder), progress) as stage:
            progress("converting it")
            survey, plan = _convert(stage)
            views = views_of(survey, plan)
            if project.by_hand:
                shutil.copytree(project.by_hand, stage.tree("after"), dirs_exist_ok=True)
                views = tuple(replace(view, is_tried=True, accepted=()) for view in views)
            yield Scene(stage, survey, views, traffic_of(there).requests)


def _convert(stage: Staged) -> tuple[Survey, Plan]:
    """Lay the converted project beside the old one; in another process, for a process can load one project only."""
    before = stage.tree("before")
    variables = {**os.environ, **stage.environment(SEEDED, near=True)}
    command = (sys.executable, "-m", "unblocker", "convert", str(before))
    subprocess.run(command, env=variables, check=True, capture_output=True)
    copy = open_workspace(before)
    stage.lay_after(before, copy.load(CHANGESET, Changeset))
    return copy.load(SURVEY, Survey), copy.load(PLAN, Plan)

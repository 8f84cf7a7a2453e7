"""Verify on a staged project: which requests, which views, which databases."""

import os
from pathlib import Path

from unblocker.cli.consoles import Progress
from unblocker.cli.staging import SEEDED, Staged
from unblocker.cli.workspace import Workspace
from unblocker.records.evidence import Evidence
from unblocker.records.plan import Plan
from unblocker.records.survey import Survey
from unblocker.records.traffic import Request, load_traffic
from unblocker.verify import Database, Trees, ViewToVerify, World, verify

type Traffic = tuple[Request, ...]

GENERATED = 12
"""How many requests are made up for each view, behind the recorded ones."""


def prove(
    stage: Staged, traffic: Traffic, survey: Survey, plan: Plan, progress: Progress
) -> Evidence:
    """The evidence on all views of the project, converted or not: all of them change their runtime."""
    return verify(
        Trees(stage.tree("before"), stage.tree("after"), survey.project.settings),
        traffic,
        databases_of(stage, survey),
        views_of(survey, plan),
        World(environment={**os.environ, **stage.environment(SEEDED, near=True)}),
        progress,
        generated=GENERATED,
    )


def traffic_of(workspace: Workspace) -> Traffic:
    """The project's recorded requests; none where it has no file of them.

    Raises:
        UnblockError: the file can't be read (U050), or a line of it is no request (U051).
    """
    name = workspace.config.traffic
    return load_traffic(workspace.root / name) if name else ()


def databases_of(stage: Staged, survey: Survey) -> tuple[Database, ...]:
    """The seeded database behind each alias."""
    near = stage.stack.services.near().database
    return tuple(
        Database(one.alias, SEEDED, near.host, near.port, near.user, near.password)
        for one in survey.project.databases
    )


def views_of(survey: Survey, plan: Plan) -> tuple[ViewToVerify, ...]:
    """The project's own views, with what the plan announced of them."""
    accepted = {one.view: one.accepted for one in plan.views}
    return tuple(
        ViewToVerify(
            view.id, tuple(route.pattern for route in view.routes), accepted.get(view.id, ())
        )
        for view in survey.views
        if view.kind in ("function", "class") and is_own(view.place.file if view.place else "/")
    )


def is_own(file: str) -> bool:
    """The file is the project's own; places outside it are absolute."""
    return not Path(file).is_absolute()

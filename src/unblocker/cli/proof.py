"""Verify on a staged project: which requests, which views, which databases."""

import os
from dataclasses import replace
from pathlib import Path

from unblocker.cli.consoles import Progress
from unblocker.cli.staging import SEEDED, Staged
from unblocker.errors import UnblockError
from unblocker.plan.facts import operations
from unblocker.records.evidence import Evidence
from unblocker.records.plan import FunctionPlan, Plan, ViewPlan
from unblocker.records.survey import Function, Survey, View
from unblocker.records.traffic import Traffic
from unblocker.verify import (
    AnyDatabase,
    Code,
    Database,
    DatabaseFile,
    Effort,
    OperationToReach,
    Trees,
    ViewToVerify,
    World,
    verify,
)

USUAL = Effort(schedules=10, faults=True, departures=3)

GENERATED = 12
"""How many requests are made up for each view, behind the recorded ones."""


def prove(
    stage: Staged,
    traffic: Traffic,
    survey: Survey,
    plan: Plan,
    progress: Progress,
    effort: Effort = USUAL,
) -> Evidence:
    """The evidence on all views of the project, converted or not: all of them change their runtime.

    Those that are converted are put to the trials of `effort`, too.
    """
    found = verify(
        Trees(stage.tree("before"), stage.tree("after"), survey.project.settings),
        traffic.requests,
        databases_of(stage, survey),
        views_of(survey, plan),
        World(environment={**os.environ, **stage.environment(SEEDED, near=True)}),
        progress,
        generated=GENERATED,
        effort=effort,
    )
    return replace(found, left_out=(*traffic.left_out, *found.left_out))


def nothing_compared(evidence: Evidence) -> UnblockError:
    """The error to raise where no request to any view could be compared."""
    kinds = sorted({each.kind for view in evidence.views for each in view.exclusions})
    why = f" ({', '.join(kinds)})" if kinds else ""
    return UnblockError(
        "U066",
        f"nothing could be compared: no request to any view counts{why}",
        hint="Give a traffic file with requests that reach views and are answered alike each time.",
    )


def databases_of(stage: Staged, survey: Survey) -> tuple[AnyDatabase, ...]:
    """The seeded database behind each alias."""
    near = stage.stack.services.near().database
    management = stage.management("before", SEEDED)
    return tuple(
        DatabaseFile(one.alias, management.database_file(one.alias))
        if one.engine.endswith(".sqlite3")
        else Database(one.alias, SEEDED, near.host, near.port, near.user, near.password)
        for one in survey.project.databases
    )


def views_of(survey: Survey, plan: Plan) -> tuple[ViewToVerify, ...]:
    """The project's own views, with what the plan announced of them."""
    plans = {one.view: one for one in plan.views}
    code = code_by_function(survey, plan)
    return tuple(
        _to_verify(view, plans.get(view.id), code)
        for view in survey.views
        if view.kind in ("function", "class") and is_own(view.place.file if view.place else "/")
    )


def code_by_function(survey: Survey, plan: Plan) -> dict[str, Code]:
    """Each function that is converted, by its `Function.id`, with its operations."""
    functions = {function.id: function for function in survey.functions}
    return {
        one.function: Code(one.file, *_names(one), _operations(functions[one.function]))
        for one in plan.functions
        if one.function in functions
    }


def _names(planned: FunctionPlan) -> tuple[str, str]:
    """Its qualified names before and after."""
    before = planned.function.partition(":")[2]
    return before, before[: len(before) - len(before.rpartition(".")[2])] + planned.name


def _operations(function: Function) -> tuple[OperationToReach, ...]:
    return tuple(
        OperationToReach(each.place.line, each.place.end_line, each.label)
        for each in operations(function.steps)
        if each.place.file == function.place.file
    )


def _to_verify(view: View, planned: ViewPlan | None, code: dict[str, Code]) -> ViewToVerify:
    is_converted = planned is not None and planned.verdict == "convert"
    functions = planned.functions if planned and is_converted else ()
    return ViewToVerify(
        view.id,
        tuple(route.pattern for route in view.routes),
        planned.accepted if planned else (),
        is_tried=is_converted,
        code=tuple(code[name] for name in functions if name in code),
    )


def is_own(file: str) -> bool:
    """The file is the project's own; places outside it are absolute."""
    return not Path(file).is_absolute()

"""The survey from end to end: load, find the views, read them and what they reach, tell it as records."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest

from unblocker.catalog import families
from unblocker.errors import UnblockError
from unblocker.records.survey import Function, Location, Step, Survey
from unblocker.survey import models as model_facts
from unblocker.survey.database_guard import no_connections
from unblocker.survey.functions import read_function
from unblocker.survey.index import Index
from unblocker.survey.obstacles import obstacles
from unblocker.survey.project import Loaded, load_project
from unblocker.survey.references import find_references
from unblocker.survey.templates import Templates
from unblocker.survey.urls import Found, find_views, source_decorators
from unblocker.survey.values import INERT, Object, Request, Value
from unblocker.survey.world import Code, Facts, Summary, World

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterator
    from pathlib import Path

_USER_DECORATORS = (
    "django.contrib.auth.decorators.login_required",
    "django.contrib.auth.decorators.permission_required",
    "django.contrib.auth.decorators.user_passes_test",
    "django.contrib.admin.views.decorators.staff_member_required",
)


def survey_project(root: Path, settings: str | None, progress: Callable[[str], None]) -> Survey:
    """Everything the project's views do to the outside world.

    Raises:
        UnblockError: the project can't be loaded (see `load_project`), or its URLconf holds no view (U026).
    """
    progress("Loading the project")
    loaded = load_project(root, settings)
    world = World(loaded.sources, Index(families()), _facts(), Templates(), read_function)
    with no_connections(loaded.sources):
        found = find_views(world, loaded.resolver)
        if not found:
            raise UnblockError(
                "U026",
                f"the URLconf {django_settings.ROOT_URLCONF} leads to no view",
                hint="Is this the right settings module?",
            )
        progress(f"Reading {len(found)} views")
        for one in found:
            _read_view(world, one)
        world.settle()
    progress("Looking for references")
    return _survey(world, loaded, found)


def _facts() -> Facts:
    user = get_user_model()
    session = _session_reads()
    permissions = {Location("table", "auth_permission"), Location("table", "auth_group")}
    return Facts(
        user_model=user,
        user_reads=tuple(sorted({*session, *model_facts.own_tables(user)})),
        session_reads=session,
        permission_reads=tuple(sorted(permissions | model_facts.own_tables(user))),
        request=HttpRequest(),
    )


def _session_reads() -> tuple[Location, ...]:
    engine = django_settings.SESSION_ENGINE
    places = [Location("session")]
    if engine.endswith((".db", ".cached_db")):
        places.append(Location("table", "django_session"))
    if "cache" in engine:
        places.append(Location("cache"))
    return tuple(sorted(places))


def _read_view(world: World, found: Found) -> None:
    for code in found.codes:
        receiver = Object(found.cls) if found.cls is not None else None
        if found.cls is not None:
            _set_up_class(world, found.cls)
        summary = world.summary(code.target, receiver)
        if summary is None:
            continue
        checked = any(decorator.name in _USER_DECORATORS for decorator in found.view.decorators)
        world.enter(summary, _parameters(code, receiver, checked=checked))


def _set_up_class(world: World, cls: type) -> None:
    """What `View.setup` puts on the instance."""
    world.assign_attribute(cls, "request", Request("request"))
    world.assign_attribute(cls, "kwargs", INERT)
    world.assign_attribute(cls, "args", INERT)


def _parameters(code: Code, receiver: Value | None, *, checked: bool) -> dict[str, Value]:
    """What Django calls a view with: the request and what the URL captured."""
    names = [argument.arg for argument in (*code.node.args.posonlyargs, *code.node.args.args)]
    values: dict[str, Value] = {argument.arg: INERT for argument in code.node.args.kwonlyargs}
    if receiver is not None and names:
        values[names.pop(0)] = receiver
    if names:
        there = frozenset({"user", "session"}) if checked else frozenset[str]()
        request = names.pop(0)
        values[request] = Request(request, there)
    values.update(dict.fromkeys(names, INERT))
    for extra in (code.node.args.vararg, code.node.args.kwarg):
        if extra is not None:
            values[extra.arg] = INERT
    return values


def _survey(world: World, loaded: Loaded, found: list[Found]) -> Survey:
    summaries = _by_id(world)
    views = tuple(one.view for one in found)
    methods = frozenset(key for key, group in summaries.items() if group[0].code.owner is not None)
    references = find_references(world.sources, summaries, methods)
    functions = tuple(
        replace(_function(world, group), references=references.get(identity, ()))
        for identity, group in sorted(summaries.items())
    )
    return Survey(
        loaded.project,
        views,
        functions,
        world.templates.records(),
        tuple(dict.fromkeys([*world.sources.problems, *world.templates.problems])),
        world.sources.files(),
    )


def _by_id(world: World) -> dict[str, list[Summary]]:
    groups: dict[str, list[Summary]] = {}
    for summary in world.summaries.values():
        if summary.rounds:
            groups.setdefault(summary.code.id, []).append(summary)
    return groups


def _function(world: World, group: list[Summary]) -> Function:
    code = group[0].code
    return Function(
        id=code.id,
        name=code.node.name,
        place=code.source.place(code.node),
        parameters=tuple(_all_parameters(code.node.args)),
        steps=_merge([summary.steps for summary in group]),
        is_async=code.is_async,
        is_method=code.owner is not None,
        decorators=source_decorators(world, code),
        reads=tuple(sorted({place for summary in group for place in summary.outcome.reads})),
        writes=tuple(
            sorted(
                {
                    place
                    for summary in group
                    for place in summary.outcome.writes | summary.outcome.effects
                }
            )
        ),
        raises=tuple(sorted({name for summary in group for name in summary.outcome.raises})),
        obstacles=tuple(
            obstacles(code, [node for summary in group for node in summary.outcome.nested_io])
        ),
    )


def _all_parameters(arguments: ast.arguments) -> Iterator[str]:
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
    for argument in every:
        yield argument.arg


def _merge(readings: list[tuple[Step, ...]]) -> tuple[Step, ...]:
    """One reading of a method for each kind of receiver, laid over each other."""
    merged = readings[0]
    for other in readings[1:]:
        merged = tuple(_merge_steps(one, two) for one, two in zip(merged, other, strict=True))
    return merged


def _merge_steps(one: Step, other: Step) -> Step:
    operations = {operation.id: operation for operation in one.operations}
    for operation in other.operations:
        same = operations.get(operation.id)
        operations[operation.id] = (
            operation
            if same is None
            else replace(
                same,
                reads=tuple(sorted({*same.reads, *operation.reads})),
                writes=tuple(sorted({*same.writes, *operation.writes})),
            )
        )
    return replace(
        one,
        operations=tuple(operations.values()),
        mutates=tuple(dict.fromkeys([*one.mutates, *other.mutates])),
        effects=tuple(dict.fromkeys([*one.effects, *other.effects])),
        lazy=tuple({lazy.name: lazy for lazy in (*one.lazy, *other.lazy)}.values()),
        transparent=one.transparent and other.transparent,
        blocks=tuple(
            replace(left, steps=_merge([left.steps, right.steps]))
            for left, right in zip(one.blocks, other.blocks, strict=True)
        ),
    )

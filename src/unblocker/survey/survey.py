"""The survey from end to end: load, find the views, read them and what they reach, tell it as records."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings as django_settings

from unblocker.catalog import families
from unblocker.errors import UnblockError
from unblocker.records.survey import Survey
from unblocker.survey.database_guard import no_connections
from unblocker.survey.facts import gather_facts
from unblocker.survey.function_records import function_record
from unblocker.survey.functions import read_function
from unblocker.survey.index import Index
from unblocker.survey.project import Loaded, load_project
from unblocker.survey.references import Wanted, find_references
from unblocker.survey.shared_state import find_shared_state
from unblocker.survey.templates import Templates
from unblocker.survey.trace import reached
from unblocker.survey.urls import Found, find_views
from unblocker.survey.values import INERT, Object, Request, Value
from unblocker.survey.world import Code, Summary, World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unblocker.records.survey import Effect, View
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
    world = World(
        loaded.sources,
        Index(families()),
        gather_facts(),
        Templates(),
        find_shared_state(loaded.sources),
        read_function,
    )
    with no_connections(loaded.sources):
        found = find_views(world, loaded.resolver)
        if not found:
            raise UnblockError(
                "U026",
                f"the URLconf {django_settings.ROOT_URLCONF} leads to no view",
                hint="Is this the right settings module?",
            )
        for number, one in enumerate(found, 1):
            progress(f"Reading views: {number} of {len(found)}")
            _read_view(world, one)
        world.settle()
    progress("Looking for references")
    return _survey(world, loaded, found)


def _read_view(world: World, found: Found) -> None:
    for code in found.codes:
        receiver = Object(found.cls) if found.cls is not None else None
        if found.cls is not None:
            _set_up_class(world, found.cls)
        summary = world.summary(code, receiver)
        checked = any(decorator.name in _USER_DECORATORS for decorator in found.view.decorators)
        world.enter(summary, _parameters(code, receiver, checked=checked))
        found.summaries.append(summary)


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
    views, effects = _with_effects(found)
    references = find_references(world.sources, _wanted(world, summaries))
    functions = tuple(
        function_record(world, group, references.get(identity, ()))
        for identity, group in sorted(summaries.items())
    )
    return Survey(
        loaded.project,
        views,
        functions,
        world.templates.records(),
        tuple(dict.fromkeys([*world.sources.problems, *world.templates.problems])),
        world.sources.files(),
        effects=effects,
    )


def _with_effects(found: list[Found]) -> tuple[tuple[View, ...], tuple[Effect, ...]]:
    """The views, and what they do; each view says which of it."""
    numbers: dict[Effect, int] = {}
    views = []
    for one in found:
        own = (numbers.setdefault(effect, len(numbers)) for effect in reached(one.summaries))
        views.append(replace(one.view, effects=tuple(own)))
    return tuple(views), tuple(numbers)


def _wanted(world: World, summaries: dict[str, list[Summary]]) -> Wanted:
    owners = {identity: group[0].code.owner for identity, group in summaries.items()}
    methods = frozenset(identity for identity, owner in owners.items() if owner is not None)
    handlers = frozenset(
        identity
        for identity in methods
        if identity.rpartition(".")[2] in getattr(owners[identity], "http_method_names", ())
    )
    return Wanted(frozenset(summaries), methods, handlers, world.calls)


def _by_id(world: World) -> dict[str, list[Summary]]:
    groups: dict[str, list[Summary]] = {}
    for summary in world.summaries.values():
        if summary.rounds:
            groups.setdefault(summary.code.id, []).append(summary)
    return groups

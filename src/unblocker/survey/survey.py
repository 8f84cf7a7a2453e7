"""The survey from end to end: load, find the views, read them and what they reach, tell it as records."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings as django_settings

from unblocker.catalog import families
from unblocker.errors import UnblockError
from unblocker.nesting import deep_nesting
from unblocker.records.survey import Survey
from unblocker.survey.before_views import read_middleware
from unblocker.survey.collecting import no_collection
from unblocker.survey.database_guard import no_connections
from unblocker.survey.facts import gather_facts
from unblocker.survey.function_records import function_record
from unblocker.survey.functions import read_function
from unblocker.survey.index import Index
from unblocker.survey.lint import lint_project
from unblocker.survey.project import Loaded, load_project
from unblocker.survey.references import Wanted, find_references
from unblocker.survey.rest_stand_ins import REST_STAND_INS
from unblocker.survey.shared_state import find_shared_state
from unblocker.survey.sources import Sources
from unblocker.survey.stand_ins import STAND_INS
from unblocker.survey.static import from_source
from unblocker.survey.templates import Templates
from unblocker.survey.urls import find_views
from unblocker.survey.view_reading import Told, read_view, tell_view
from unblocker.survey.world import Summary, World, unread
from unblocker.trees import project_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unblocker.records.findings import Finding
    from unblocker.records.survey import Effect, View


def survey_source(root: Path, settings: str | None, progress: Callable[[str], None]) -> Survey:
    """The same as `survey_project`, from the source alone; its problems begin with what was lost by that.

    Raises:
        UnblockError: the source does not tell which settings, or leads to no view (see `survey_project`).
    """
    progress("Reading the source")
    with (
        from_source(Sources(project_folder(root, settings))) as loading,
        no_collection(),
        deep_nesting(),
    ):
        survey = read_project(load_project(root, settings, loading), progress)
    return replace(survey, problems=(*loading.losses.problems(), *survey.problems))


def survey_project(root: Path, settings: str | None, progress: Callable[[str], None]) -> Survey:
    """Everything the project's views do to the outside world.

    Raises:
        UnblockError: the project can't be loaded (see `load_project`), or its URLconf holds no view (U026).
    """
    progress("Loading the project")
    loaded = load_project(root, settings)
    with no_collection(), deep_nesting():
        return read_project(loaded, progress)


def read_project(loaded: Loaded, progress: Callable[[str], None]) -> Survey:
    """What the views of a project that is loaded do; `UnblockError` U026 where there is none."""
    world = open_world(loaded)
    with no_connections(loaded.sources):
        found = find_views(world, loaded.resolver)
        if not found:
            raise UnblockError(
                "U026",
                f"the URLconf {django_settings.ROOT_URLCONF} leads to no view",
                hint="Is this the right settings module?",
            )
        read_middleware(world)
        for number, one in enumerate(found, 1):
            progress(f"Reading views: {number} of {len(found)}")
            read_view(world, one)
        world.settle()
        told = [tell_view(world, one) for one in found]
    progress("Looking for references")
    return _survey(world, loaded, told)


def open_world(loaded: Loaded) -> World:
    """The project as one whole, of which nothing is read yet."""
    return World(
        loaded.sources,
        Index(families()),
        gather_facts(),
        Templates(),
        find_shared_state(loaded.sources),
        read_function,
        STAND_INS | REST_STAND_INS,
    )


def _survey(world: World, loaded: Loaded, told: list[Told]) -> Survey:
    summaries = _by_id(world)
    views, effects = _with_effects(told)
    references = find_references(world.sources, _wanted(world, summaries))
    functions = {
        identity: function_record(world, group, references.get(identity, ()))
        for identity, group in summaries.items()
    }
    functions |= {one.function.id: one.function for one in told if one.function is not None}
    templates = world.templates.records()
    findings = _findings(world, loaded)
    return Survey(
        loaded.project,
        views,
        tuple(function for _, function in sorted(functions.items())),
        templates,
        tuple(dict.fromkeys([*world.sources.problems, *world.templates.problems])),
        world.sources.files(),
        effects=effects,
        findings=findings,
    )


def _findings(world: World, loaded: Loaded) -> tuple[Finding, ...]:
    """What the linter finds; its failure does not end the survey."""
    try:
        with no_connections(loaded.sources):
            return lint_project(world, loaded)
    except Exception as error:  # noqa: BLE001  # it is told as a problem
        world.sources.problems.append(unread("async code", error, None))
        return ()


def _with_effects(told: list[Told]) -> tuple[tuple[View, ...], tuple[Effect, ...]]:
    """The views, and what they do; each view says which of it."""
    numbers: dict[Effect, int] = {}
    views = []
    for one in told:
        own = (numbers.setdefault(effect, len(numbers)) for effect in one.effects)
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
        if summary.rounds and not summary.code.is_library:
            groups.setdefault(summary.code.id, []).append(summary)
    return groups

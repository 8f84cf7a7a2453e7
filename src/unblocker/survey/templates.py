"""Rendering, read ahead: which queries a template runs with a given context."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.base import Template as DjangoTemplate
from django.template.loader import get_template

from unblocker.records.places import Place
from unblocker.records.survey import Location, Operation, Problem, Template
from unblocker.survey.environment import Environment
from unblocker.survey.frame import Frame
from unblocker.survey.project_calls import invoke, unknown_call
from unblocker.survey.querysets import Arguments
from unblocker.survey.replacing import replace
from unblocker.survey.sources import Source, plain_source
from unblocker.survey.template_names import PERMISSIONS
from unblocker.survey.template_nodes import read_template
from unblocker.survey.template_parts import TemplateParts
from unblocker.survey.template_scope import Scope, origin_name
from unblocker.survey.values import INERT, Mapping, QuerySet, Request, Value

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Iterator

_DJANGO_NAMES = (
    "csrf_token", "debug", "sql_queries", "LANGUAGES", "LANGUAGE_CODE", "LANGUAGE_BIDI", "STATIC_URL", "MEDIA_URL",
    "TIME_ZONE", "messages", "DEFAULT_MESSAGE_LEVELS",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rendered:
    """What one rendering does.

    Attributes:
        evaluated: context names whose queryset is read, and whether it surely is.
        fetchers: by identity of what was fetched, the operation that did.
    """

    reads: frozenset[Location]
    writes: frozenset[Location]
    raises: tuple[str, ...]
    evaluated: dict[str, bool]
    operations: tuple[Operation, ...]
    fetchers: dict[str, Operation]


@dataclass(slots=True)
class Templates:
    """The loaded engine's templates, read when they are first rendered."""

    problems: list[Problem] = field(default_factory=list)
    parts: TemplateParts = field(default_factory=TemplateParts)
    _loaded: dict[str, DjangoTemplate | None] = field(default_factory=dict)
    _sources: dict[str, Source] = field(default_factory=dict)
    _operations: dict[str, dict[str, Operation]] = field(default_factory=dict)

    def load(self, name: str) -> DjangoTemplate | None:
        """The template; None, with a problem on record, where there is none or it can't be parsed."""
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def choose(self, names: list[str]) -> str:
        """The first of the names that a template exists under, else the last."""
        for name in names[:-1]:
            try:
                get_template(name)
            except TemplateDoesNotExist:
                continue
            except Exception:  # noqa: BLE001, S110  # told when it is loaded
                pass
            return name
        return names[-1]

    def _load(self, name: str) -> DjangoTemplate | None:
        try:
            found = get_template(name)
        except TemplateDoesNotExist:
            self.problems.append(Problem("U403", f"the template {name} does not exist"))
            return None
        except TemplateSyntaxError as error:
            line = getattr(getattr(error, "token", None), "lineno", None)
            place = Place(name, line, 0, line, 0) if line else None
            told = " ".join(str(error).split())
            self.problems.append(
                Problem("U404", f"the template {name} cannot be parsed: {told}", place)
            )
            return None
        except Exception as error:  # noqa: BLE001  # a loader's, a library's or an engine's: the project's own code
            told = " ".join(f"{type(error).__name__}: {error}".split())
            self.problems.append(Problem("U420", f"the template {name} cannot be loaded: {told}"))
            return None
        inner = getattr(found, "template", None)
        if not isinstance(inner, DjangoTemplate):
            self.problems.append(
                Problem("U405", f"the template {name} is not one of Django's engine's")
            )
            return None
        return inner

    def source(self, frame: Frame, template: DjangoTemplate) -> Source:
        """The template's file, as places tell it."""
        name = origin_name(template.origin)
        if name not in self._sources:
            path = Path(str(template.origin.name))
            shown = frame.world.sources.name(path) if path.is_file() else name
            self._sources[name] = plain_source(shown, str(template.source))
            if path.is_file():
                frame.world.sources.note(path)
        return self._sources[name]

    def render(
        self,
        frame: Frame,
        name: str,
        context: dict[str, Value],
        request: Value | None,
        *,
        whole: bool,
    ) -> Rendered | None:
        """What rendering `name` with this context does; None where the template can't be read.

        `whole` says that the view puts nothing else into the context.
        """
        template = self.load(name)
        if template is None:
            return None
        source = self.source(frame, template)
        inner = Frame(frame.world, source, {}, frozenset(), (), summary=frame.summary)
        inner.env = Environment({}, frame.env.fetched)
        inner.outcome.trace = frame.trace
        scope = Scope(inner, [{"True": INERT, "False": INERT, "None": INERT}, {}, context])
        with scope.file(source), scope.noting():
            scope.names[1].update(_from_processors(scope, template, request))
        scope.whole = whole and _all_known(frame, template, request)
        with scope.noting():
            read_template(scope, template)
        return _rendered(scope, context)

    def keep(self, name: str, operations: Iterable[Operation]) -> None:
        """Add to what rendering `name` is known to do by itself."""
        kept = self._operations.setdefault(name, {})
        for operation in operations:
            identity = f"{operation.place.file}:{operation.id}"
            kept.setdefault(identity, replace(operation, id=identity))

    def records(self) -> tuple[Template, ...]:
        """What each rendered template does by itself, its parents and includes with it, over all contexts."""
        return tuple(
            Template(name, tuple(operations.values()))
            for name, operations in sorted(self._operations.items())
        )


def _rendered(scope: Scope, context: dict[str, Value]) -> Rendered:
    frame = scope.frame
    evaluated = {
        name: scope.fetched[value.identity]
        for name, value in context.items()
        if isinstance(value, QuerySet) and value.identity in scope.fetched
    }
    operations = [
        found for record in scope.records.values() for found in record.operations.values()
    ]
    outcome = frame.outcome
    return Rendered(
        frozenset(outcome.reads),
        frozenset(outcome.writes),
        tuple(sorted(outcome.raises)),
        evaluated,
        tuple(operations),
        frame.fetchers,
    )


def _from_processors(
    scope: Scope, template: DjangoTemplate, request: Value | None
) -> Iterator[tuple[str, Value]]:
    """The names that the engine's context processors add; those of the project are followed."""
    if not isinstance(request, Request):
        return
    frame, node = scope.frame, scope.node("")
    for processor in template.engine.template_context_processors:
        module, name = processor.__module__, processor.__name__
        if module == "django.template.context_processors" and name == "request":
            yield "request", request
        elif module == "django.contrib.auth.context_processors":
            yield from _auth(frame, node, request)
        elif frame.world.owns(processor):
            added = invoke(
                frame, node, processor, Arguments((request,), {}, open=False), implicit=True
            )
            if isinstance(added, Mapping):
                yield from ((str(key), value) for key, value in added.entries)
        elif module.startswith("django."):
            yield from ((known, INERT) for known in _DJANGO_NAMES)
        else:
            unknown_call(frame, node)


def _all_known(frame: Frame, template: DjangoTemplate, request: Value | None) -> bool:
    """Whether every context processor is Django's or the project's."""
    processors = template.engine.template_context_processors
    return not isinstance(request, Request) or all(
        processor.__module__.startswith("django.") or frame.world.owns(processor)
        for processor in processors
    )


def _auth(frame: Frame, node: ast.expr, request: Request) -> Iterator[tuple[str, Value]]:
    from unblocker.survey.attributes import attribute

    yield "user", attribute(frame, node, request, "user")
    yield "perms", PERMISSIONS

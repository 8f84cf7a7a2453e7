"""Rendering a template: the queries that it runs, told as one operation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from unblocker.catalog.base import Entry
from unblocker.records.survey import Evaluation
from unblocker.survey.live import known_text
from unblocker.survey.operations import UNKNOWN_LOCATION, operation
from unblocker.survey.values import INERT, UNKNOWN, Inert, Items, Mapping, Never, QuerySet, Value

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from unblocker.survey.frame import Frame
    from unblocker.survey.index import Known
    from unblocker.survey.querysets import Arguments
    from unblocker.survey.templates import Rendered


def render(frame: Frame, node: ast.expr, known: Known, given: Arguments) -> Value:
    """`render(request, name, context)`, `TemplateResponse(…)` alike, or `render_to_string(name, context, request)`."""
    shortcut = known.name != "django_shortcuts.render_to_string"
    template = given.get(1 if shortcut else 0, "template_name")
    template = template or given.keywords.get("template", UNKNOWN)
    context = given.get(2 if shortcut else 1, "context")
    request = given.get(0 if shortcut else 2, "request")
    return _render(frame, node, known, template, context, request)


def render_named(
    frame: Frame, node: ast.expr, known: Known, name: Value, given: Arguments
) -> Value:
    """`get_template(name).render(context, request)`."""
    return _render(frame, node, known, name, given.get(0, "context"), given.get(1, "request"))


def _render(
    frame: Frame,
    node: ast.expr,
    known: Known,
    template: Value,
    context: Value | None,
    request: Value | None,
) -> Value:
    entry = known.item
    name = _name(frame, template)
    frame.opaque()
    if not isinstance(entry, Entry):
        return INERT
    entries, whole = _entries(context)
    templates = frame.world.templates
    rendered = templates.render(frame, name, entries, request, whole=whole) if name else None
    if name is None:
        for one in sorted(template.either if isinstance(template, Inert) else ()):
            templates.render(frame, one, entries, request, whole=whole)
    unknown = {UNKNOWN_LOCATION}
    reads = set(rendered.reads) if rendered and whole else unknown
    writes = set(rendered.writes) if rendered else unknown
    evaluates: tuple[Evaluation, ...] = ()
    if name and rendered:
        handed = list(_handed_over(frame, rendered, entries))
        evaluates = tuple(
            Evaluation(one.local, tuple(sorted(one.rows.tables)), one.certain) for one in handed
        )
        _keep(frame, name, rendered, handed)
    frame.operate(
        node,
        operation(
            known.name,
            entry.kind,
            f"{entry.name} {name or '?'}",
            reads=reads,
            writes=writes,
            raises=rendered.raises if rendered else (),
            template=name,
            evaluates=evaluates,
        ),
    )
    return INERT


def _name(frame: Frame, template: Value) -> str | None:
    """The template's name; of several, the first that exists."""
    if not isinstance(template, Items) or not template.parts:
        return known_text(template)
    names = [known_text(part) for part in template.parts]
    if None in names or len(names) == 1:
        return names[0]
    return frame.world.templates.choose([name for name in names if name is not None])


def _entries(context: Value | None) -> tuple[dict[str, Value], bool]:
    """The context's names, and whether these are all."""
    if context is None:
        return {}, True
    if isinstance(context, Mapping):
        entries = {str(key): value for key, value in context.entries}
        return entries, isinstance(context.rest, Never | Inert)
    return {}, False


@dataclass(frozen=True, slots=True)
class _Handed:
    """A local's unread queryset that the template reads."""

    local: str
    rows: QuerySet
    certain: bool


def _handed_over(frame: Frame, rendered: Rendered, entries: dict[str, Value]) -> Iterator[_Handed]:
    if frame.is_library:
        yield from _named_in_context(frame, rendered, entries)
        return
    waiting = {
        value.identity: name
        for name, value in frame.env.values.items()
        if isinstance(value, QuerySet)
        and not value.evaluated
        and value.identity not in frame.env.fetched
    }
    for key, certain in rendered.evaluated.items():
        rows = entries[key]
        local = waiting.pop(rows.identity, None) if isinstance(rows, QuerySet) else None
        if isinstance(rows, QuerySet) and local is not None:
            yield _Handed(local, rows, certain)


def _named_in_context(
    frame: Frame, rendered: Rendered, entries: dict[str, Value]
) -> Iterator[_Handed]:
    """A generic view's querysets: they are known by the names that the template uses."""
    told: set[str] = set()
    for key, certain in rendered.evaluated.items():
        rows = entries[key]
        if isinstance(rows, QuerySet) and rows.identity not in told | frame.env.fetched:
            told.add(rows.identity)
            if not rows.evaluated:
                yield _Handed(key, rows, certain)


def _keep(frame: Frame, name: str, rendered: Rendered, handed: list[_Handed]) -> None:
    """What the template does by itself: all but reading the locals' querysets."""
    identities = {one.rows.identity for one in handed}
    told = [rendered.fetchers[identity] for identity in identities if identity in rendered.fetchers]
    frame.world.templates.keep(name, [found for found in rendered.operations if found not in told])

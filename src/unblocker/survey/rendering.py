"""Rendering a template: the queries that it runs, told as one operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unblocker.catalog.base import Entry
from unblocker.records.survey import Evaluation
from unblocker.survey.frame import operation
from unblocker.survey.live import known_text
from unblocker.survey.project_calls import UNKNOWN_LOCATION
from unblocker.survey.values import INERT, UNKNOWN, Mapping, Never, QuerySet, Value

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from unblocker.survey.frame import Frame
    from unblocker.survey.index import Known
    from unblocker.survey.querysets import Arguments


def render(frame: Frame, node: ast.expr, known: Known, given: Arguments) -> Value:
    """`render(request, name, context)` or `render_to_string(name, context, request)`."""
    entry = known.item
    shortcut = known.name == "django_shortcuts.render"
    name = known_text(given.get(1 if shortcut else 0, "template_name") or UNKNOWN)
    context = given.get(2 if shortcut else 1, "context")
    request = given.get(0 if shortcut else 2, "request")
    frame.opaque()
    if not isinstance(entry, Entry):
        return INERT
    entries, whole = _entries(context)
    rendered = frame.world.templates.render(frame, name, entries, request) if name else None
    reads = set(rendered.reads) if rendered else {UNKNOWN_LOCATION}
    writes = set(rendered.writes) if rendered else {UNKNOWN_LOCATION}
    if not whole:
        reads.add(UNKNOWN_LOCATION)
    evaluates = tuple(_evaluations(frame, node, rendered.evaluated, entries)) if rendered else ()
    frame.operate(
        node,
        operation(
            known.name,
            entry.kind,
            f"{entry.name} {name or '?'}",
            reads=reads,
            writes=writes,
            raises=tuple(sorted(rendered.raises)) if rendered else (),
            template=name,
            evaluates=evaluates,
        ),
    )
    return INERT


def _entries(context: Value | None) -> tuple[dict[str, Value], bool]:
    if context is None:
        return {}, True
    if isinstance(context, Mapping):
        entries = {str(key): value for key, value in context.entries}
        return entries, isinstance(context.rest, Never)
    return {}, False


def _evaluations(
    frame: Frame, node: ast.expr, evaluated: dict[str, bool], entries: dict[str, Value]
) -> Iterator[Evaluation]:
    """The local querysets among what the template evaluates: `evaluated` says which, and whether certainly."""
    by_identity = {
        value.identity: name
        for name, value in frame.env.values.items()
        if isinstance(value, QuerySet)
    }
    done = set()
    for key, certain in evaluated.items():
        value = entries.get(key)
        if (
            not isinstance(value, QuerySet)
            or value.evaluated
            or value.identity in frame.env.fetched
        ):
            continue
        name = by_identity.get(value.identity)
        if name is not None and name not in done:
            done.add(name)
            yield Evaluation(name, tuple(sorted(value.tables)), certain)
    del node

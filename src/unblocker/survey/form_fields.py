"""The fields of forms: the rows that they choose from, and showing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet as DjangoQuerySet

from unblocker.survey.effects import elements
from unblocker.survey.identities import fresh
from unblocker.survey.operations import operation
from unblocker.survey.querysets import from_model
from unblocker.survey.values import (
    INERT,
    NEVER,
    UNKNOWN,
    FormField,
    Instance,
    Mapping,
    Object,
    QuerySet,
    Value,
)

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from unblocker.records.survey import Location
    from unblocker.survey.frame import Frame
    from unblocker.survey.querysets import Arguments

_ADDED = "fields that are added"
_SHOWING = frozenset(
    {"as_widget", "as_hidden", "as_text", "as_textarea", "as_field_group", "render", "subwidgets"}
)


def fields(form: type) -> Mapping:
    """What `form.fields` holds."""
    names = getattr(form, "base_fields", {})
    return Mapping(tuple((name, FormField(form, name)) for name in names), FormField(form))


def attribute(frame: Frame, node: ast.expr, field: FormField, name: str) -> Value:
    """An attribute of a field or of a bound field."""
    frame.opaque()
    if name == "queryset":
        rows = dict(_choices(frame, field.form, field.name, frame.identity(node)))
        return next(iter(rows.values())) if len(rows) == 1 else INERT
    if name == "field":
        return field
    if name in _SHOWING:
        show(frame, node, field.form, field.name)
    return INERT


def set_attribute(frame: Frame, node: ast.expr, field: FormField, name: str, value: Value) -> None:
    """`self.fields["name"].queryset = rows`; choices that are given as such are read at once."""
    if name == "queryset" and frame.world.owns(field.form):
        frame.world.assign_attribute(field.form, _slot(field.name), value)
    if name == "choices":
        elements(frame, node, value)


def made(cls: type, given: Arguments, identity: str) -> Object:
    """A field that chooses from rows: it keeps the queryset, and nobody has read it yet."""
    rows = given.keywords.get("queryset") or given.get(0, "queryset") or UNKNOWN
    return Object(cls, identity, state=(("queryset", rows),))


def set_field(frame: Frame, form: type, name: str, value: Value) -> None:
    """`self.fields["name"] = field`: the rows that the form chooses from there."""
    rows = value.held("queryset") if isinstance(value, Object) else None
    if not isinstance(rows, QuerySet) or not isinstance(value, Object):
        return
    if frame.world.owns(form) and not frame.world.owns(value.cls):
        kept = fresh(rows, f"{form.__qualname__}.{name}")
        frame.world.assign_attribute(form, _slot(name), kept)
        frame.world.assign_attribute(form, _ADDED, Mapping(((name, kept),), NEVER))


def chosen_from(frame: Frame, form: type, name: str = "") -> frozenset[Location]:
    """The tables that the form's fields choose from, or that one field does."""
    found: set[Location] = set()
    for _, rows in _choices(frame, form, name, ""):
        found |= rows.tables
    return frozenset(found)


def show(frame: Frame, node: ast.expr, form: type, name: str = "") -> None:
    """The form, or one field of it, becomes HTML: the rows to choose from are read, and shown as text."""
    from unblocker.survey.operators import text_of

    tables: set[Location] = set()
    for _, rows in _choices(frame, form, name, frame.identity(node)):
        tables |= rows.tables
        with frame.perhaps():
            text_of(frame, node, Instance(rows.model, rows.identity, rows.loaded))
    if tables:
        label = f"{form.__name__} choices"
        found = operation("django_forms.choices", "query", label, reads=tables, implicit=True)
        frame.operate(node, found)


def _choices(frame: Frame, form: type, name: str, identity: str) -> Iterator[tuple[str, QuerySet]]:
    """The rows that fields choose from, by the field's name: those assigned to it, or those of its declaration."""
    for key, field in getattr(form, "base_fields", {}).items():
        declared = getattr(field, "queryset", None)
        if name in ("", key) and isinstance(declared, DjangoQuerySet):
            assigned = frame.world.known_attribute(form, _slot(key))
            if isinstance(assigned, QuerySet):
                yield key, assigned
            else:
                yield key, from_model(declared.model, f"{identity}.{key}")

    added = frame.world.known_attribute(form, _ADDED)
    for key, rows in added.entries if isinstance(added, Mapping) else ():
        is_new = key not in getattr(form, "base_fields", {})
        if is_new and name in ("", key) and isinstance(rows, QuerySet):
            yield str(key), rows


def _slot(name: str) -> str:
    return f"fields[{name}].queryset"

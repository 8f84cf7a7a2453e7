"""Forms: what validating one queries and what saving one writes."""

from __future__ import annotations

import ast
import types
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import UniqueConstraint

from unblocker.catalog.base import Harmless
from unblocker.records.survey import Location
from unblocker.survey import form_fields, saving
from unblocker.survey import models as facts
from unblocker.survey.looking import static_attribute
from unblocker.survey.operations import operation
from unblocker.survey.operators import known_truth
from unblocker.survey.project_calls import invoke, unknown_call
from unblocker.survey.querysets import Arguments
from unblocker.survey.values import INERT, Form, Instance, Mapping, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

    from unblocker.survey.frame import Frame
    from unblocker.survey.index import Known

_SHOWING = frozenset({"as_p", "as_div", "as_table", "as_ul", "render", "__str__", "__html__"})
_NOTHING = Arguments((), {}, open=False)


def call(
    frame: Frame, node: ast.expr, receiver: Form, cls: type, name: str, given: Arguments
) -> Value:
    """A form's method; `cls` is the class to look it up on."""
    frame.opaque()
    found = static_attribute(cls, name)
    if frame.world.follows(found) and isinstance(found, types.FunctionType):
        return invoke(frame, node, found, given, receiver=receiver)
    if name == "__init__":
        fill_in(frame, node, receiver)
    if name == "save_m2m":
        return _save_many(frame, node, receiver)
    known = frame.world.index.method(cls, name)
    if known is None:
        return INERT if name.startswith("__") else unknown_call(frame, node)
    _mutate_form(frame, node)
    if isinstance(known.item, Harmless):
        if name in _SHOWING:
            form_fields.show(frame, node, receiver.cls)
        return Mapping((), INERT) if name == "clean" else INERT
    if known.name == "django_forms.validate":
        _validate(frame, node, known, receiver)
        return INERT
    return _save(frame, node, known, receiver, given)


def _mutate_form(frame: Frame, node: ast.expr) -> None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        frame.mutate(node.func.value)


def _validate(frame: Frame, node: ast.expr, known: Known, receiver: Form) -> None:
    reads = form_fields.chosen_from(frame, receiver.cls) | _unique(receiver.cls)
    cleaners = [name for name in dir(receiver.cls) if name == "clean" or name.startswith("clean_")]
    for name in cleaners:
        method = static_attribute(receiver.cls, name)
        if frame.world.follows(method):
            invoke(frame, node, method, _NOTHING, receiver=receiver, implicit=True)
    if reads:
        label = f"{receiver.cls.__name__}.is_valid"
        frame.operate(node, operation(known.name, "query", label, reads=reads))


def _unique(cls: type) -> frozenset[Location]:
    """The tables that a model form asks whether a value is taken."""
    model: type[Model] | None = getattr(getattr(cls, "_meta", None), "model", None)
    if model is None:
        return frozenset()
    names = set(getattr(cls, "base_fields", {}))
    own = {field.name for field in model._meta.fields if field.unique and not field.primary_key}
    together = [*model._meta.unique_together, *_constrained(model)]
    asks = own & names or any(names.issuperset(fields) for fields in together)
    return facts.own_tables(model) if asks else frozenset()


def _constrained(model: type[Model]) -> Iterator[tuple[str, ...]]:
    """The fields of the model's constraints that ask the database; none of those made of expressions."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield tuple(constraint.fields)


def fill_in(frame: Frame, node: ast.expr, form: Form) -> None:
    """A form starts from the instance that it is given: its many-to-many relations are read."""
    if not form.given:
        return
    tables, _ = _many(form.cls)
    if tables:
        label = f"{form.cls.__name__}(instance)"
        frame.operate(
            node,
            operation("django_forms.model_to_dict", "query", label, reads=tables, implicit=True),
        )


def _save_many(frame: Frame, node: ast.expr, form: Form) -> Value:
    tables, through = _many(form.cls)
    if tables:
        label = f"{form.cls.__name__}.save_m2m"
        model: type[Model] = form.cls._meta.model  # type: ignore[attr-defined]  # `_many` has found its relations
        reads, writes = saving.related(frame, node, model, through, tables)
        frame.operate(
            node, operation("django_forms.save", "query", label, reads=reads, writes=writes)
        )
    return INERT


def _many(cls: type) -> tuple[frozenset[Location], frozenset[Location]]:
    """What reading the many-to-many relations among a model form's fields reads, and what setting them writes."""
    model: type[Model] | None = getattr(getattr(cls, "_meta", None), "model", None)
    if model is None:
        return frozenset(), frozenset()
    names = getattr(cls, "base_fields", {})
    own = [one for name, one in facts.relations(model).items() if name in names and one.through]
    through = {Location("table", one.through) for one in own}
    rows = {table for one in own for table in facts.own_tables(one.model)}
    return frozenset(rows | through), frozenset(through)


def _save(frame: Frame, node: ast.expr, known: Known, receiver: Form, given: Arguments) -> Value:
    model: type[Model] | None = getattr(getattr(receiver.cls, "_meta", None), "model", None)
    if model is None:
        return unknown_call(frame, node)
    made = receiver.instance
    if not isinstance(made, Instance):
        made = Instance(model, frame.identity(node))
    chosen = facts.forward_relations(model) & getattr(receiver.cls, "base_fields", {}).keys()
    files = saving.new_files(model, getattr(receiver.cls, "base_fields", {}))
    made = replace(made, loaded=made.loaded | chosen, files=made.files | files)
    commit = given.get(0, "commit")
    if commit is not None and known_truth(commit) is False:
        return made
    many, through = _many(receiver.cls)
    reads, writes = saving.saved(frame, node, made, many, facts.own_tables(model))
    reads, many_writes = saving.related(frame, node, model, through, reads)
    writes |= many_writes
    label = f"{receiver.cls.__name__}.save"
    frame.operate(node, operation(known.name, "query", label, reads=reads, writes=writes))
    return replace(made, stored=True, files=frozenset())

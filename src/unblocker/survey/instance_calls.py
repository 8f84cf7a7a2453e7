"""Calls of a model instance's methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unblocker.catalog.base import Entry, Harmless
from unblocker.survey import catalog_calls, saving
from unblocker.survey import models as facts
from unblocker.survey.effects import present
from unblocker.survey.looking import static_attribute
from unblocker.survey.operations import operation
from unblocker.survey.project_calls import invoke_method, unknown_call
from unblocker.survey.values import INERT, Instance, Value

if TYPE_CHECKING:
    import ast

    from unblocker.records.survey import Location
    from unblocker.survey.frame import Frame
    from unblocker.survey.index import Known
    from unblocker.survey.querysets import Arguments


def on_instance(
    frame: Frame, node: ast.expr, receiver: Instance, name: str, given: Arguments
) -> Value:
    """A method of a model instance: the project's own is followed."""
    owner = frame.owner_node(node)
    if owner is not None:
        receiver = present(frame, owner, receiver)
    frame.opaque()
    found = static_attribute(receiver.model, name)
    if frame.world.owns(found):
        return invoke_method(frame, node, found, given, receiver)
    return known_instance_method(frame, node, receiver, receiver.model, name, given)


def known_instance_method(
    frame: Frame, node: ast.expr, receiver: Instance, cls: type, name: str, given: Arguments
) -> Value:
    """A method that `cls`, a class of Django's or of a library, defines."""
    known = frame.world.index.method(cls, name)
    if known is None:
        is_label = name.startswith("get_") and name.endswith("_display")
        return INERT if is_label else unknown_call(frame, node)
    if isinstance(known.item, Harmless):
        return catalog_calls.harmless(frame, node, known.item, given)
    if known.name.startswith("django_orm."):
        _persist(frame, node, known, known.item, receiver, name)
        return INERT
    return catalog_calls.outside(frame, node, known, known.item, given)


def _persist(
    frame: Frame, node: ast.expr, known: Known, entry: Entry, receiver: Instance, name: str
) -> None:
    model = receiver.model
    tables = facts.own_tables(model)
    reads: frozenset[Location] = frozenset()
    writes: frozenset[Location] = frozenset()
    if name in ("save", "save_base"):
        saving.store_files(frame, node, receiver)
        reads, writes = saving.signalled(frame, receiver, "save", reads, tables)
    elif name == "delete":
        reads, writes = saving.deleted(frame, node, model, reads, tables)
    else:
        reads = tables
        frame.forget(receiver.identity)
    label = f"{model.__name__}.{name}"
    frame.operate(node, operation(known.name, entry.kind, label, reads=reads, writes=writes))
    frame.mutate_owner(node)

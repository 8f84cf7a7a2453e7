"""Relations of an instance: the object or the manager at the other end, and the query that gets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unblocker.records.survey import Location
from unblocker.survey import models as facts
from unblocker.survey.kept import content_type_of
from unblocker.survey.live import default_manager
from unblocker.survey.operations import operation
from unblocker.survey.values import UNKNOWN, Instance, Manager, Value

if TYPE_CHECKING:
    import ast

    from unblocker.records.survey import Operation
    from unblocker.survey.frame import Frame


def related(
    frame: Frame, node: ast.expr, receiver: Instance, relation: facts.Relation
) -> Instance | Manager:
    """What the relation gives; puts the query that it runs, if any, on record at `node`."""
    if relation.kind == "many":
        return _related_manager(frame, node, receiver, relation)
    return _single_relation(frame, node, receiver, relation)


def generic_relation(frame: Frame, node: ast.expr, receiver: Instance, name: str) -> Value:
    """A generic foreign key: the row may be in any table."""
    label = f"{receiver.model.__name__}.{name}"
    tables = (Location("table"),)
    frame.operate(
        node, operation("django_orm.relation", "query", label, reads=tables, implicit=True)
    )
    return UNKNOWN


def _related_manager(
    frame: Frame, node: ast.expr, receiver: Instance, relation: facts.Relation
) -> Manager:
    if relation.generic and frame.fetch(content_type_of(receiver.model)):
        reads, label = (
            frame.world.facts.content_type_reads,
            f"content type of {receiver.model.__name__}",
        )
        frame.operate(
            node,
            operation("django_contenttypes.of_model", "query", label, reads=reads, implicit=True),
        )
    tables = set(facts.own_tables(relation.model))
    if relation.through:
        tables.add(Location("table", relation.through))
    return Manager(
        relation.model,
        default_manager(relation.model),
        frozenset(tables),
        known=relation.back,
        prefetched=relation.name in receiver.loaded,
        through=relation.through or facts.table(relation.model).name,
        owner=receiver.identity,
    )


def _single_relation(
    frame: Frame, node: ast.expr, receiver: Instance, relation: facts.Relation
) -> Instance:
    identity = f"{receiver.identity}.{relation.name}"
    prefix = f"{relation.name}__"
    loaded = {path.removeprefix(prefix) for path in receiver.loaded if path.startswith(prefix)}
    if relation.back:
        loaded.add(relation.back)
    if relation.name in receiver.loaded:
        frame.rely(identity)
    elif frame.fetch(identity):
        frame.operate(node, _relation_query(receiver, relation))
    nullable = relation.nullable
    return Instance(relation.model, identity, frozenset(loaded), nullable=nullable, stored=True)


def _relation_query(receiver: Instance, relation: facts.Relation) -> Operation:
    missing = f"{relation.model.__module__}.{relation.model.__qualname__}.DoesNotExist"
    return operation(
        "django_orm.relation",
        "query",
        f"{receiver.model.__name__}.{relation.name}",
        reads=facts.own_tables(relation.model),
        raises=(missing,) if relation.kind == "reverse-one" else (),
        implicit=True,
    )

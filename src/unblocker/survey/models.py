"""Facts of the live model registry: tables, relations, what a lookup joins and what a delete takes along."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.fields.related import ForeignObject, ManyToManyField
from django.db.models.fields.reverse_related import ForeignObjectRel, ManyToManyRel

from unblocker.records.survey import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

type RelationKind = Literal["forward", "reverse-one", "many"]

_LOOKUP_SEPARATOR = "__"


@dataclass(frozen=True, slots=True)
class Relation:
    """How one model reaches another by the attribute `name`.

    `back` is the relation from the other side where it is a single object; `through` the table in between; `generic`
    where the other side can belong to rows of any model.
    """

    name: str
    kind: RelationKind
    model: type[models.Model]
    nullable: bool
    back: str = ""
    through: str = ""
    generic: bool = False


@cache
def table(model: type[models.Model]) -> Location:
    """The model's own table."""
    return Location("table", model._meta.db_table)


@cache
def own_tables(model: type[models.Model]) -> frozenset[Location]:
    """The model's table and those of its concrete parents, which its queries join."""
    parents = (parent for parent in model._meta.get_parent_list() if not parent._meta.abstract)
    return frozenset({table(concrete(model)), *(table(concrete(parent)) for parent in parents)})


def concrete(model: type[models.Model]) -> type[models.Model]:
    """The model behind a proxy."""
    return model._meta.concrete_model or model


@cache
def relations(model: type[models.Model]) -> dict[str, Relation]:
    """The model's relations by attribute name."""
    return {
        relation.name: relation
        for field in model._meta.get_fields()
        for relation in _relation(field)
    }


def _relation(field: Any) -> Iterator[Relation]:
    other = getattr(field, "related_model", None)
    if other is None or isinstance(other, str):
        return
    if isinstance(field, ManyToManyField):
        yield Relation(
            field.name, "many", other, nullable=False, through=_through(field.remote_field)
        )
    elif isinstance(field, ForeignObject) and field.one_to_many:
        yield Relation(field.name, "many", other, nullable=False, generic=_is_generic(field))
    elif isinstance(field, ForeignObject):
        back = field.remote_field.get_accessor_name() if field.unique else ""
        yield Relation(field.name, "forward", other, nullable=field.null, back=back or "")
    elif isinstance(field, ForeignObjectRel):
        name = field.get_accessor_name()
        if name is None:
            return
        if isinstance(field, ManyToManyRel):
            yield Relation(name, "many", other, nullable=False, through=_through(field))
        elif field.one_to_one:
            yield Relation(name, "reverse-one", other, nullable=False, back=field.field.name)
        else:
            yield Relation(name, "many", other, nullable=False, back=field.field.name)


def _is_generic(field: Any) -> bool:
    """Whether the rows at the other end tell by a content type whose they are."""
    return hasattr(field, "content_type_field_name")


def _through(relation: Any) -> str:
    through = relation.through
    return through._meta.db_table if through is not None else ""


@cache
def columns(model: type[models.Model]) -> frozenset[str]:
    """Names of attributes that are there without a query: columns, `pk`, foreign keys' `…_id`."""
    names = {"pk", "_meta", "_state"}
    for field in model._meta.concrete_fields:
        names.add(field.attname)
        if not field.is_relation:
            names.add(field.name)
    return frozenset(names)


@cache
def lookup_tables(
    model: type[models.Model], lookup: str, *, whole: bool = False
) -> frozenset[Location]:
    """The tables besides the model's own that a lookup such as `category__name__icontains` joins.

    A foreign key at the end is a column of the table before it and joins nothing, unless the `whole` related row is
    wanted. What is no field (an annotation, a transform, `pk`) joins nothing.
    """
    found: set[Location] = set()
    waiting: frozenset[Location] = frozenset()
    current: type[models.Model] | None = model
    for piece in lookup.lstrip("-+?").split(_LOOKUP_SEPARATOR):
        if current is None:
            break
        if piece not in ("pk", current._meta.pk.name if current._meta.pk else "pk"):
            step = _step(current, piece)
            if step is None:
                break
            found |= waiting
            waiting, current = step.tables, step.model
            if not step.is_column:
                found |= waiting
    return frozenset(found | waiting if whole else found)


@dataclass(frozen=True, slots=True)
class _Step:
    model: type[models.Model] | None
    tables: frozenset[Location]
    is_column: bool


def _step(model: type[models.Model], piece: str) -> _Step | None:
    field = _field(model, piece)
    if field is None:
        return None
    other = getattr(field, "related_model", None)
    if other is None:
        generic = field.is_relation and not field.concrete
        return _Step(None, frozenset({Location("table")} if generic else ()), is_column=False)
    tables = set(own_tables(other))
    relation = field.remote_field if isinstance(field, ManyToManyField) else field
    if isinstance(relation, ManyToManyRel):
        tables.add(Location("table", _through(relation)))
    is_column = isinstance(field, ForeignObject) and field.concrete
    return _Step(other, frozenset(tables), is_column)


def _field(model: type[models.Model], name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return next(
            (
                field
                for field in model._meta.get_fields()
                if isinstance(field, ForeignObjectRel)
                and name in (field.name, field.get_accessor_name())
            ),
            None,
        )


@cache
def prefetch_tables(model: type[models.Model], lookup: str) -> frozenset[Location]:
    """The tables that `prefetch_related(lookup)` reads; any table where the path can't be followed."""
    found: set[Location] = set()
    current = model
    for piece in lookup.split(_LOOKUP_SEPARATOR):
        relation = relations(current).get(piece)
        if relation is None:
            return frozenset({Location("table")})
        found |= own_tables(relation.model)
        if relation.through:
            found.add(Location("table", relation.through))
        current = relation.model
    return frozenset(found)


@cache
def forward_relations(model: type[models.Model]) -> frozenset[str]:
    """The foreign keys; those of a new instance are None, and ask no database, until they are set."""
    return frozenset(one.name for one in relations(model).values() if one.kind == "forward")


@cache
def single_relations(model: type[models.Model]) -> frozenset[str]:
    """What `select_related()` without arguments loads: foreign keys that are never null."""
    return frozenset(
        relation.name for relation in relations(model).values()
        if relation.kind == "forward" and not relation.nullable
    )  # fmt: skip


@cache
def cascading(model: type[models.Model]) -> tuple[type[models.Model], ...]:
    """The models whose rows are deleted with an instance: its own, and those that hang on it."""
    found: dict[type[models.Model], None] = {}
    waiting = [model]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found[current] = None
            waiting += [
                relation.related_model
                for relation in _pointing_at(current)
                if getattr(relation, "on_delete", None) is models.CASCADE
            ]
    return tuple(found)


@cache
def cascade(model: type[models.Model]) -> frozenset[Location]:
    """The tables that deleting an instance may write: its own and those of what hangs on it."""
    found: set[Location] = set()
    for current in cascading(model):
        found |= own_tables(current)
        for relation in _pointing_at(current):
            if getattr(relation, "on_delete", None) not in _LEAVING_ROWS:
                found |= own_tables(relation.related_model)
    return frozenset(found)


_LEAVING_ROWS = (None, models.DO_NOTHING, models.PROTECT, models.RESTRICT)


def _pointing_at(model: type[models.Model]) -> list[Any]:
    fields = model._meta.get_fields(include_hidden=True)
    return [field for field in fields if isinstance(field, ForeignObjectRel)]


@cache
def table_in_between(name: str) -> type[models.Model] | None:
    """The model of a many-to-many's table, one that Django made included; None where no model has it."""
    every = apps.get_models(include_auto_created=True)
    return next((model for model in every if model._meta.db_table == name), None)


def other_side(through: str, model: type[models.Model]) -> type[models.Model]:
    """The model on the other side of a many-to-many of `model`; itself where both sides are the same."""
    between = table_in_between(through)
    fields: list[Any] = list(between._meta.fields) if between else []
    sides = (field.related_model for field in fields if field.many_to_one)
    return next((side for side in sides if side is not model), model)

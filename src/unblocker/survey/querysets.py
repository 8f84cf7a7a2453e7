"""Building querysets and running them."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from unblocker.records.survey import Location
from unblocker.survey import models as facts
from unblocker.survey.effects import row
from unblocker.survey.live import queryset_class
from unblocker.survey.values import (
    INERT,
    UNKNOWN,
    Either,
    Expression,
    Inert,
    Instance,
    Items,
    Live,
    Manager,
    Mapping,
    QuerySet,
    Value,
)

if TYPE_CHECKING:
    from django.db.models import Model

_ANY_TABLE = frozenset({Location("table")})
_KEYWORD_LOOKUPS = frozenset(
    {"filter", "exclude", "get", "complex_filter", "get_or_create", "update_or_create"}
)
_NAMED_LOOKUPS = frozenset(
    {"order_by", "values", "values_list", "distinct", "earliest", "latest", "dates", "datetimes"}
)
_WHOLE_ROWS = frozenset({"select_related", "order_by"})


@dataclass(frozen=True, slots=True)
class Arguments:
    """A call's arguments as values; `open` where `*args` or `**kwargs` may bring more, each of them a `rest`.

    A `rest` that is a query expression was brought by `*args`.
    """

    positional: tuple[Value, ...]
    keywords: dict[str, Value]
    open: bool
    rest: Value = UNKNOWN

    def values(self) -> tuple[Value, ...]:
        """All of them."""
        return (*self.positional, *self.keywords.values())

    def get(self, position: int, name: str) -> Value | None:
        """The argument at this position or of this name."""
        if position < len(self.positional):
            return self.positional[position]
        return self.keywords.get(name)


def from_manager(manager: Manager, identity: str) -> QuerySet:
    """`manager.all()`."""
    loaded = frozenset({manager.known}) if manager.known else frozenset[str]()
    return QuerySet(
        manager.model,
        queryset_class(manager.cls),
        identity,
        manager.tables,
        loaded,
        evaluated=manager.prefetched,
    )


def from_model(model: type[Model], identity: str) -> QuerySet:
    """The default manager's queryset."""
    cls = queryset_class(type(model._default_manager))
    return QuerySet(model, cls, identity, facts.own_tables(model))


def made_by_class(cls: type, given: Arguments, identity: str) -> Value:
    """`ProductQuerySet(model)`: all rows of the model."""
    from django.db.models import Model

    match given.get(0, "model"):
        case Live(target=type() as model) if issubclass(model, Model):
            return QuerySet(model, cls, identity, facts.own_tables(model))
        case _:
            return UNKNOWN


def build(base: QuerySet, name: str, given: Arguments, identity: str) -> Value:
    """The queryset that a lazy method makes of `base`."""
    result = replace(
        base,
        identity=identity,
        evaluated=base.evaluated and name in ("all", "get_queryset"),
        tables=base.tables | lookup_tables(base.model, name, given),
    )
    match name:
        case "select_related":
            return replace(result, loaded=result.loaded | _selected(base.model, given))
        case "prefetch_related":
            return _prefetched(result, given)
        case "values" | "values_list" | "dates" | "datetimes":
            return replace(result, shape="rows")
        case "only":
            return replace(result, columns=_names(given))
        case "defer":
            return replace(result, columns=frozenset({"pk", base.model._meta.pk.attname}))
        case "raw" | "extra":
            return replace(result, tables=result.tables | _ANY_TABLE)
        case _:
            return result


def lookup_tables(model: type[Model], method: str, given: Arguments) -> frozenset[Location]:
    """The tables that a method's arguments add to a query on `model`."""
    found: set[Location] = set()
    lookups: set[str] = set()
    for value in given.positional:
        lookups |= _lookups(value, method)
    if method in _KEYWORD_LOOKUPS:
        lookups |= given.keywords.keys()
    for value in given.values():
        found |= brought(value)
        if isinstance(value, Expression):
            lookups |= value.lookups
    if method == "select_related":
        lookups |= set(_selected(model, given))
    whole = method in _WHOLE_ROWS
    for lookup in lookups:
        found |= facts.lookup_tables(model, lookup, whole=whole)
    if (
        given.open
        and not isinstance(given.rest, Expression)
        and method in _KEYWORD_LOOKUPS | _NAMED_LOOKUPS
    ):
        found |= _ANY_TABLE
    return frozenset(found)


def brought(value: Value) -> frozenset[Location]:
    """The tables that an argument brings into a query: a queryset as a subquery, an expression's own."""
    match value:
        case QuerySet(evaluated=False) | Manager() | Expression():
            return value.tables
        case Either(choices=choices):
            return frozenset().union(*map(brought, choices))
        case Items(element=element):
            return brought(element)
        case _:
            return frozenset()


def _lookups(value: Value, method: str) -> set[str]:
    match value:
        case Inert(known=True, constant=str(text)) if method in _NAMED_LOOKUPS:
            return {text}
        case Items(element=element, parts=parts) if method in _NAMED_LOOKUPS:
            return {lookup for part in parts or (element,) for lookup in _lookups(part, method)}
        case _:
            return set()


def _selected(model: type[Model], given: Arguments) -> frozenset[str]:
    if not given.positional and not given.open:
        return facts.single_relations(model)
    return _with_parents(_names(given))


def _with_parents(paths: frozenset[str]) -> frozenset[str]:
    pieces = (path.split("__") for path in paths)
    return frozenset("__".join(names[: at + 1]) for names in pieces for at in range(len(names)))


def _names(given: Arguments) -> frozenset[str]:
    return frozenset(
        value.constant
        for value in given.positional
        if isinstance(value, Inert) and isinstance(value.constant, str)
    )


def _prefetched(base: QuerySet, given: Arguments) -> QuerySet:
    paths = _names(given)
    extra: set[Location] = set()
    for value in given.positional:
        if isinstance(value, Expression):
            paths |= value.lookups
            extra |= value.tables
        elif not isinstance(value, Inert):
            extra |= _ANY_TABLE
    for path in paths:
        extra |= facts.prefetch_tables(base.model, path)
    return replace(base, loaded=base.loaded | _with_parents(paths), tables=base.tables | extra)


def slice_of(base: QuerySet, node: ast.Slice, identity: str) -> QuerySet:
    """`queryset[a:b]`; how many rows it has where both ends are written out."""
    low, high = _number(node.lower, 0), _number(node.upper, None)
    limit = max(high - low, 0) if low is not None and high is not None else base.limit
    return replace(base, identity=identity, limit=limit)


def _number(node: ast.expr | None, default: int | None) -> int | None:
    if node is None:
        return default
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    return None


def result(base: QuerySet, returns: str, identity: str, name: str) -> Value:
    """What a method that runs the query returns."""
    one = row(base, identity)
    if returns in ("instance", "maybe-instance") and base.shape == "rows" and name != "create":
        return INERT
    match returns:
        case "instance":
            return one
        case "maybe-instance":
            return replace(one, nullable=True) if isinstance(one, Instance) else one
        case "instances":
            return Items(one)
        case "mapping":
            return Mapping((), one)
        case "pair":
            return Items(UNKNOWN, (one, INERT))
        case _:
            return INERT


def target(value: Value | None, identity: str) -> QuerySet | None:
    """The queryset behind what `get_object_or_404` is given: a model, a manager or a queryset."""
    from django.db.models import Model

    match value:
        case QuerySet():
            return value
        case Manager():
            return from_manager(value, identity)
        case Live(target=type() as cls) if issubclass(cls, Model):
            return from_model(cls, identity)
        case _:
            return None

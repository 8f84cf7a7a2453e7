"""What is known of a value that may be either of two."""

from __future__ import annotations

from itertools import takewhile

from django.db.models.base import ModelBase

from unblocker.survey.identities import one_of
from unblocker.survey.replacing import replace
from unblocker.survey.values import (
    INERT,
    NEVER,
    UNKNOWN,
    Awaitable,
    Closure,
    Either,
    Expression,
    Form,
    FormField,
    Inert,
    Instance,
    Items,
    Live,
    Manager,
    Mapping,
    Method,
    Never,
    Object,
    Page,
    QuerySet,
    Request,
    Serializer,
    Template,
    Value,
)

_DEEPEST = 5
_FEW = 4
_MOST = 12


def join(one: Value, other: Value, depth: int = 0) -> Value:
    """What is known of a value that is either of the two."""
    if one == other or isinstance(other, Never):
        return one
    if isinstance(one, Never):
        return other
    if depth > _DEEPEST:
        return UNKNOWN
    if _is_none(other):
        return _or_none(one)
    if _is_none(one):
        return _or_none(other)
    return _join_same(one, other, depth)


def join_all(values: list[Value]) -> Value:
    """What is known of a value that is one of these."""
    result: Value = NEVER
    for value in values:
        result = join(result, value)
    return result


def _is_none(value: Value) -> bool:
    return isinstance(value, Inert) and value.known and value.constant is None


def _or_none(value: Value) -> Value:
    match value:
        case Instance():
            return replace(value, nullable=True)
        case Either(choices=choices):
            return Either(tuple(_or_none(one) for one in choices))
        case Inert():
            return INERT
        case _:
            return value


def _join_same(one: Value, other: Value, depth: int) -> Value:
    match one, other:
        case Inert(), Inert():
            start = _common_start(one.prefix, other.prefix)
            return Inert(prefix=start, either=_either(one, other))
        case Items(), Items():
            return _join_items(one, other, depth)
        case Mapping(), Mapping():
            return _join_mappings(one, other, depth)
        case (Inert(), Items() | Mapping()) | (Items() | Mapping(), Inert()):
            return INERT if _is_data(one) and _is_data(other) else UNKNOWN
        case Method(), Method() if one.name == other.name:
            receiver = join(one.receiver, other.receiver, depth + 1)
            return UNKNOWN if receiver == UNKNOWN else Method(receiver, one.name)
        case Request(), Request():
            return Request(one.identity, one.fetched & other.fetched)
        case Expression(), Expression():
            return Expression(one.lookups | other.lookups, one.tables | other.tables)
        case _ if _is_empty(one):
            return _or_none(other)
        case _ if _is_empty(other):
            return _or_none(one)
        case _:
            return _join_objects(one, other, depth)


def _is_empty(value: Value) -> bool:
    """Whether it is surely a text, number or list that holds nothing, as stands for "no rows"."""
    match value:
        case Inert(known=True, constant=constant):
            return not constant
        case Items(length=0):
            return True
        case _:
            return False


def _either(one: Inert, other: Inert) -> frozenset[str]:
    """The few texts that a value is one of; none where there are others or too many."""
    if not _texts(one) or not _texts(other):
        return frozenset()
    both = _texts(one) | _texts(other)
    return both if len(both) <= _FEW else frozenset()


def _texts(value: Inert) -> frozenset[str]:
    if value.known:
        return frozenset({value.constant}) if isinstance(value.constant, str) else frozenset()
    return value.either


def _join_objects(one: Value, other: Value, depth: int) -> Value:
    match one, other:
        case Instance(), Instance() if one.model is other.model:
            return _join_instances(one, other)
        case QuerySet() | Items(), QuerySet() | Items():
            return _join_rows(one, other)
        case FormField(), FormField() if one.form is other.form:
            return FormField(one.form)
        case Manager(), Manager() if one.model is other.model and one.cls is other.cls:
            tables = one.tables | other.tables
            return replace(one, tables=tables, known="", prefetched=False, owner="")
        case Serializer(), Serializer() if one.cls is other.cls and one.many == other.many:
            instance = join(one.instance, other.instance, depth + 1)
            identity = one_of(one.identity, other.identity)
            return Serializer(one.cls, instance, identity, one.many, one.new and other.new)
        case Form(), Form() if one.cls is other.cls:
            given = one.given or other.given
            return Form(one.cls, join(one.instance, other.instance, depth + 1), given)
        case Object(), Object() if one.cls is other.cls and one.role == other.role:
            same = one.identity if one.identity == other.identity else ""
            state = _join_states(one, other, depth)
            return Object(one.cls, same, one.role, one.fetched & other.fetched, state)
        case _:
            return _join_holders(one, other, depth)


def _join_holders(one: Value, other: Value, depth: int) -> Value:
    """What holds or gives another value."""
    match one, other:
        case Page(), Page() if one.paginator == other.paginator:
            whole = join(one.whole or NEVER, other.whole or NEVER, depth + 1)
            items = join(one.items, other.items, depth + 1)
            return Page(items, one.paginator, None if isinstance(whole, Never) else whole)
        case Template(), Template() if one.cls is other.cls and one.named == other.named:
            return replace(one, source=join(one.source, other.source, depth + 1))
        case Awaitable() | Closure(), Awaitable() | Closure():
            return _join_calls(one, other, depth)
        case _:
            return _choice(one, other)


def _join_calls(one: Awaitable | Closure, other: Awaitable | Closure, depth: int) -> Value:
    match one, other:
        case Awaitable(), Awaitable():
            return Awaitable(join(one.returns, other.returns, depth + 1))
        case Closure(), Closure() if one.function is other.function:
            theirs = dict(other.captured)
            both = ((name, value, theirs.get(name, NEVER)) for name, value in one.captured)
            return Closure(one.function, tuple((key, join(a, b, depth + 1)) for key, a, b in both))
        case _:
            return UNKNOWN


def _choice(one: Value, other: Value) -> Value:
    """One of a few values that can stand for each other: each kind once."""
    found = list(choices_of(one))
    for value in choices_of(other):
        at = next((at for at, known in enumerate(found) if _is_alike(known, value)), None)
        if at is None:
            found.append(value)
        else:
            found[at] = join(found[at], value)
    sorts = {_sort(value) for value in found}
    return (
        Either(tuple(found))
        if len(sorts) == 1 and "" not in sorts and len(found) <= _MOST
        else UNKNOWN
    )


def choices_of(value: Value) -> tuple[Value, ...]:
    """The values that this may be: itself, where there is no choice."""
    return value.choices if isinstance(value, Either) else (value,)


def _sort(value: Value) -> str:
    """What values have to have in common to be used in the same way; empty where nothing is known to be enough."""
    match value:
        case Instance() | Manager():
            return type(value).__name__
        case QuerySet(shape=shape):
            return shape
        case Live(target=ModelBase()):
            return "model"
        case _:
            return ""


def _is_alike(one: Value, other: Value) -> bool:
    """Whether the two join to one value without a choice."""
    match one, other:
        case (Instance(model=model), Instance(model=another)) | (
            QuerySet(model=model),
            QuerySet(model=another),
        ):
            return model is another
        case Manager(model=model, cls=cls), Manager(model=another, cls=other_cls):
            return model is another and cls is other_cls
        case _:
            return one == other


def _join_states(one: Object, other: Object, depth: int) -> tuple[tuple[str, Value], ...]:
    """The attributes that both have."""
    theirs = dict(other.state)
    return tuple(
        (name, join(value, theirs[name], depth + 1)) for name, value in one.state if name in theirs
    )


def _common_start(one: str, other: str) -> str:
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return "".join(letter for letter, _ in same)


def _join_items(one: Items, other: Items, depth: int) -> Items:
    parts = None
    if one.parts is not None and other.parts is not None and len(one.parts) == len(other.parts):
        pairs = zip(one.parts, other.parts, strict=True)
        parts = tuple(join(left, right, depth + 1) for left, right in pairs)
    length = one.length if one.length == other.length else None
    return Items(join(one.element, other.element, depth + 1), parts, length)


def _join_mappings(one: Mapping, other: Mapping, depth: int) -> Mapping:
    keys = dict.fromkeys([key for key, _ in one.entries] + [key for key, _ in other.entries])
    entries = tuple((key, join(one.get(key), other.get(key), depth + 1)) for key in keys)
    return Mapping(entries, join(one.rest, other.rest, depth + 1))


def _join_instances(one: Instance, other: Instance) -> Instance:
    columns = one.columns
    if one.columns is None or other.columns is None:
        columns = one.columns or other.columns
    else:
        columns = one.columns & other.columns
    return Instance(
        one.model,
        one_of(one.identity, other.identity),
        one.loaded & other.loaded,
        one.deferred or other.deferred,
        one.nullable or other.nullable,
        columns,
        one.stored and other.stored,
        one.files | other.files,
    )


def _join_rows(one: QuerySet | Items, other: QuerySet | Items) -> Value:
    """Two querysets; or one or a list of such instances: whoever goes through it may send the query."""
    match one, other:
        case QuerySet(), QuerySet() if one.model is other.model:
            return _join_querysets(one, other)
        case (QuerySet() as rows, Items(element=Instance() as row)) | (
            Items(element=Instance() as row),
            QuerySet() as rows,
        ) if row.model is rows.model:
            return replace(rows, loaded=rows.loaded & row.loaded)
        case _:
            return _choice(one, other)


def _join_querysets(one: QuerySet, other: QuerySet) -> QuerySet:
    return replace(
        one,
        identity=one_of(one.identity, other.identity),
        tables=one.tables | other.tables,
        loaded=one.loaded & other.loaded,
        shape=one.shape if one.shape == other.shape else "instances",
        limit=one.limit if one.limit == other.limit else None,
        columns=one.columns if one.columns == other.columns else frozenset(),
        evaluated=one.evaluated and other.evaluated,
    )


def _is_data(value: Value) -> bool:
    match value:
        case Inert() | Never():
            return True
        case Items(element=element):
            return _is_data(element)
        case Mapping():
            return _is_data(value.rest) and all(_is_data(item) for _, item in value.entries)
        case _:
            return False

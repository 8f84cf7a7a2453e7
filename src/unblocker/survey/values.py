"""What the survey knows of a value: a small lattice that tells apart only what matters to I/O.

`Never` is the bottom (no value seen yet), `Unknown` the top. `join` is what may be either of two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import ast

    from django.db.models import Model

    from unblocker.records.survey import Location

type Constant = str | bytes | int | float | bool | None
type Shape = Literal["instances", "rows"]

_DEEPEST = 5
_FEW = 4


@dataclass(frozen=True, slots=True)
class Never:
    """No value has been seen here yet."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Could be anything."""


@dataclass(frozen=True, slots=True)
class Inert:
    """Data: its attributes, items, methods and operators do no I/O, all the way down.

    `constant` counts where `known`; `prefix` is how the text surely begins; `either` are the texts that it may be,
    where there are a few.
    """

    constant: Constant = None
    known: bool = False
    prefix: str = ""
    either: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Items:
    """A list, tuple, set or iterator of `element`s; `parts` where each position is known."""

    element: Value
    parts: tuple[Value, ...] | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """A dictionary with these keys, and perhaps others that hold `rest`."""

    entries: tuple[tuple[Constant, Value], ...]
    rest: Value

    def get(self, key: Constant) -> Value:
        """What stands under `key`."""
        return next((value for name, value in self.entries if name == key), self.rest)


@dataclass(frozen=True, slots=True, eq=False)
class Live:
    """An object of the loaded project: a module, class or function."""

    target: object

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Live) and other.target is self.target

    def __hash__(self) -> int:
        return id(self.target)


@dataclass(frozen=True, slots=True)
class Instance:
    """A model instance.

    Attributes:
        identity: names the object within its function, so that what is loaded on it can be remembered.
        loaded: relations that are there without a query.
        deferred: reading anything of it queries first (`request.user`).
        nullable: it may be None instead.
        columns: where `only()` was used, the columns that are there.
        stored: it has a row in the database.
        files: fields whose new files are stored when it is saved.
    """

    model: type[Model]
    identity: str
    loaded: frozenset[str] = frozenset()
    deferred: bool = False
    nullable: bool = False
    columns: frozenset[str] | None = None
    stored: bool = False
    files: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class QuerySet:
    """A queryset; its query reads `tables`. `loaded`: relations that its instances come with."""

    model: type[Model]
    cls: type
    identity: str
    tables: frozenset[Location]
    loaded: frozenset[str] = frozenset()
    shape: Shape = "instances"
    limit: int | None = None
    columns: frozenset[str] | None = None
    evaluated: bool = False


@dataclass(frozen=True, slots=True)
class Manager:
    """A manager, a related manager included.

    Attributes:
        tables: what every query of it reads.
        known: the relation back to the owner, present on each instance.
        prefetched: `all()` is there without a query.
        through: for a many-to-many, the table that `add` and `remove` write.
        owner: identity of the instance that it hangs on.
    """

    model: type[Model]
    cls: type
    tables: frozenset[Location]
    known: str = ""
    prefetched: bool = False
    through: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Expression:
    """A query expression (`Q`, `F`, `Count`, `Subquery`): the lookups it makes and the tables it brings."""

    lookups: frozenset[str] = frozenset()
    tables: frozenset[Location] = frozenset()


@dataclass(frozen=True, slots=True)
class Request:
    """The HttpRequest; `fetched` is what has been read of it before: `user`, `session`."""

    identity: str
    fetched: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Session:
    """`request.session`."""

    identity: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form instance and the model instance it edits; `given` where that was handed to it, not made by it."""

    cls: type
    instance: Value
    given: bool = False


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form, bound to it or not; without a name, any of them."""

    form: type
    name: str = ""


@dataclass(frozen=True, slots=True)
class Serializer:
    """A serializer of Django REST framework, of `instance` or, with `many`, of each of the instances.

    `new`: it was given data only: saving it makes the instance.
    """

    cls: type
    instance: Value
    identity: str
    many: bool = False
    new: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A Paginator over, or a page of, `items`.

    A page knows `whole`, what its paginator is over; a page's paginator has `counted` that.
    """

    items: Value
    paginator: bool
    whole: Value | None = None
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """What a class-based view's instance answers: by which of its methods, and what `as_view()` gave it."""

    handler: str
    settings: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Object:
    """An instance of a class that is neither a model's nor data.

    Attributes:
        identity: names the object within its function.
        role: for a class-based view, which request it answers.
        fetched: for a class-based view, the paths that were read through it before: `request.user`.
    """

    cls: type
    identity: str = ""
    role: Role | None = None
    fetched: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Super:
    """`super()` in a method of `cls`, bound to `receiver`."""

    cls: type
    receiver: Value


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a value, about to be called."""

    receiver: Value
    name: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """A function written in place (lambda, nested `def`) or a `partial`: it runs when somebody calls it.

    `home` names the function that it was written in: only there its variables are known.
    """

    node: ast.expr | ast.stmt
    home: str
    callee: Value | None = None
    arguments: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Awaitable:
    """A coroutine, task or future; awaiting it gives `returns`."""

    returns: Value


@dataclass(frozen=True, slots=True)
class InThread:
    """`sync_to_async(callee)`: calling it makes a coroutine that calls `callee` in a thread."""

    callee: Value


type Value = (
    Never | Unknown | Inert | Items | Mapping | Live | Instance | QuerySet | Manager | Expression | Request
    | Session | Form | FormField | Serializer | Page | Object | Super | Method | Deferred | Awaitable | InThread
)  # fmt: skip

NEVER = Never()
UNKNOWN = Unknown()
INERT = Inert()
NONE = Inert(None, known=True)


def constant(value: Constant) -> Inert:
    """The value of a literal; a text that is a `str` of a special kind (safe, an enum's) counts as plain text."""
    if isinstance(value, str):
        text = str.__str__(value)
        return Inert(text, known=True, prefix=text)
    return Inert(value, known=True)


def element_of(value: Value) -> Value:
    """What iterating over `value` gives (querysets apart, which query)."""
    match value:
        case Items(element=element):
            return element
        case Inert() | Mapping():
            return INERT
        case Form(cls=cls):
            return FormField(cls)
        case Never():
            return NEVER
        case _:
            return UNKNOWN


def fresh(value: Value, identity: str) -> Value:
    """The value under a new identity: nothing is remembered of what was fetched on it."""
    match value:
        case Instance() | QuerySet() | Serializer():
            return replace(value, identity=identity)
        case Manager():
            return replace(value, owner=identity)
        case Page(items=items, whole=whole):
            whole = fresh(whole, f"{identity}.whole") if whole is not None else None
            return replace(value, items=fresh(items, f"{identity}.items"), whole=whole)
        case Awaitable(returns=returns):
            return Awaitable(fresh(returns, identity))
        case Mapping():
            entries = tuple(
                (key, fresh(item, f"{identity}[{key!r}]")) for key, item in value.entries
            )
            return replace(value, entries=entries, rest=fresh(value.rest, f"{identity}[]"))
        case Items():
            parts = value.parts
            if parts is not None:
                parts = tuple(fresh(part, f"{identity}[{at}]") for at, part in enumerate(parts))
            return replace(value, element=fresh(value.element, f"{identity}[]"), parts=parts)
        case _:
            return value


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
        case Instance(), Instance():
            return _join_instances(one, other)
        case QuerySet(), QuerySet() if one.model is other.model:
            return _join_querysets(one, other)
        case Manager(), Manager() if one.model is other.model and one.cls is other.cls:
            tables = one.tables | other.tables
            return replace(one, tables=tables, known="", prefetched=False, owner="")
        case Serializer(), Serializer() if one.cls is other.cls and one.many == other.many:
            instance = join(one.instance, other.instance, depth + 1)
            identity = _one_of(one.identity, other.identity)
            return Serializer(one.cls, instance, identity, one.many, one.new and other.new)
        case Form(), Form() if one.cls is other.cls:
            given = one.given or other.given
            return Form(one.cls, join(one.instance, other.instance, depth + 1), given)
        case FormField(), FormField() if one.form is other.form:
            return FormField(one.form)
        case Object(), Object() if one.cls is other.cls and one.role == other.role:
            same = one.identity if one.identity == other.identity else ""
            return Object(one.cls, same, one.role, one.fetched & other.fetched)
        case Page(), Page() if one.paginator == other.paginator:
            whole = join(one.whole or NEVER, other.whole or NEVER, depth + 1)
            items = join(one.items, other.items, depth + 1)
            return Page(items, one.paginator, None if isinstance(whole, Never) else whole)
        case Awaitable(), Awaitable():
            return Awaitable(join(one.returns, other.returns, depth + 1))
        case _:
            return UNKNOWN


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


def _join_instances(one: Instance, other: Instance) -> Value:
    if one.model is not other.model:
        return UNKNOWN
    columns = one.columns
    if one.columns is None or other.columns is None:
        columns = one.columns or other.columns
    else:
        columns = one.columns & other.columns
    return Instance(
        one.model,
        _one_of(one.identity, other.identity),
        one.loaded & other.loaded,
        one.deferred or other.deferred,
        one.nullable or other.nullable,
        columns,
        one.stored and other.stored,
        one.files | other.files,
    )


def _join_querysets(one: QuerySet, other: QuerySet) -> QuerySet:
    return replace(
        one,
        identity=_one_of(one.identity, other.identity),
        tables=one.tables | other.tables,
        loaded=one.loaded & other.loaded,
        shape=one.shape if one.shape == other.shape else "instances",
        limit=one.limit if one.limit == other.limit else None,
        columns=one.columns if one.columns == other.columns else frozenset(),
        evaluated=one.evaluated and other.evaluated,
    )


def _one_of(one: str, other: str) -> str:
    """The identity of an object that is one or the other: it is neither, as far as what was fetched goes."""
    both = sorted({*_choices(one), *_choices(other)})
    return both[0] if len(both) == 1 else f"({'|'.join(both)})"


def _choices(identity: str) -> list[str]:
    return (
        identity[1:-1].split("|")
        if identity.startswith("(") and identity.endswith(")")
        else [identity]
    )


def aged(identity: str) -> str:
    """The identity of an object that a former round of a loop made."""
    older = sorted({f"{choice.rstrip(chr(39))}'" for choice in _choices(identity)})
    return older[0] if len(older) == 1 else f"({'|'.join(older)})"


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

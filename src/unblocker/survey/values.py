"""What the survey knows of a value: a small lattice that tells apart only what matters to I/O.

`Never` is the bottom (no value seen yet), `Unknown` the top. What may be either of two is in joining.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from io import IOBase
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import ast
    from types import FunctionType

    from django.db.models import Model

    from unblocker.records.survey import Location

type Constant = str | bytes | int | float | bool | None
type Shape = Literal["instances", "rows"]


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
class Template:
    """A template of Django's, not rendered yet: the one of this name, or one that is made of this text."""

    cls: type
    source: Value
    named: bool


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
        state: what its initializer left in its attributes, by name.
    """

    cls: type
    identity: str = ""
    role: Role | None = None
    fetched: frozenset[str] = frozenset()
    state: tuple[tuple[str, Value], ...] = ()

    def held(self, name: str) -> Value | None:
        """What its initializer left in this attribute; None where it left nothing that is known."""
        return next((value for key, value in self.state if key == name), None)


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


@dataclass(frozen=True, slots=True, eq=False)
class Closure:
    """A function that was made inside another one and left it, with what it holds of the variables there.

    `function` stands for its code, and is never called.
    """

    function: FunctionType
    captured: tuple[tuple[str, Value], ...]

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Closure)
            and other.function is self.function
            and other.captured == self.captured
        )

    def __hash__(self) -> int:
        return hash(self.function)


@dataclass(frozen=True, slots=True)
class Awaitable:
    """A coroutine, task or future; awaiting it gives `returns`."""

    returns: Value


@dataclass(frozen=True, slots=True)
class InThread:
    """`sync_to_async(callee)`: calling it makes a coroutine that calls `callee` in a thread."""

    callee: Value


@dataclass(frozen=True, slots=True)
class Either:
    """One of a few values of the same kind: the instances or querysets of this model or of that, this class or that."""

    choices: tuple[Value, ...]


type Value = (
    Never | Unknown | Either | Inert | Items | Mapping | Live | Instance | QuerySet | Manager | Expression | Request
    | Session | Form | FormField | Serializer | Page | Template | Object | Super | Method | Deferred | Closure
    | Awaitable | InThread
)  # fmt: skip

NEVER = Never()
UNKNOWN = Unknown()
INERT = Inert()
NONE = Inert(None, known=True)


@lru_cache(maxsize=4096, typed=True)
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
        case Object(cls=cls) if issubclass(cls, IOBase):
            return INERT
        case Form(cls=cls):
            return FormField(cls)
        case Never():
            return NEVER
        case _:
            return UNKNOWN

"""What an entry of the catalog says of one call of somebody's API, and how families are found."""

from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Literal

from unblocker.records.plan import Form
from unblocker.records.survey import OperationKind

type Returns = (
    Literal[
        "data", "instance", "maybe-instance", "instances", "mapping", "pair", "queryset", "user"
    ]
    | str
)


@dataclass(frozen=True, slots=True)
class Example:
    """A view's body before and after conversion, for the family's test and docs page.

    `after` equal to `before` says that the code is to be left alone; `why` then gives the reason.
    """

    before: str
    after: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One call that does I/O, or burns CPU.

    Attributes:
        name: unique in its family.
        calls: dotted names by which the survey recognises it, e.g. `django.db.models.query.QuerySet.get`: where the
            function, or the class (or object) and its method, can be imported from. `*` stands for every method that
            no other entry names. Managers share `QuerySet`'s; what only related managers have is named on
            `django.db.models.manager.RelatedManager`, a class that Django makes anew for each relation.
        kind: its class in the cost model.
        form: how the rewrite makes it asynchronous; None: it has no form of its own and stays as it is, which is
            right only where the bridge carries it (the ORM's implicit queries) or where it does not block.
        becomes: the async method's name, or the dotted name of the async function.
        reads, writes: symbolic locations: `model` (the queryset's tables), `host`, `mail`, `cache`, `session`,
            `user` (the request's, with its session), `users`, `site`, `messages`, `files`, `unknown`.
        raises: dotted names of documented exceptions.
        guard: it answers the request by raising.
        lazy: it does no I/O itself but builds a queryset.
        returns: what comes back: `data`, `instance`, `maybe-instance` (or None), `instances` (a list), `mapping` (of
            instances), `pair` (an instance and a bool), `queryset`, `user`, or the dotted name of a class.
        once: the process keeps what it has read, of each model that it is asked about; only the first call reads.
        since: the Django (or library) version that has the async form.
        differs: how the async form differs, and how the rewrite makes up for it.
    """

    name: str
    calls: tuple[str, ...]
    kind: OperationKind
    form: Form | None = None
    becomes: str = ""
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()
    guard: bool = False
    lazy: bool = False
    once: bool = False
    returns: Returns = "data"
    since: str = ""
    differs: str = ""
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Harmless:
    """A call of the family that does no I/O, though it may raise.

    Attributes:
        calls: as in `Entry`.
        returns: as in `Entry`.
        effects: symbolic locations that it touches in memory (`session`, `messages`).
    """

    calls: tuple[str, ...]
    returns: Returns = "data"
    effects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """The entries of one API: one file, one test, one docs page."""

    name: str
    title: str
    summary: str
    entries: tuple[Entry, ...]
    harmless: tuple[Harmless, ...] = ()


def third_party_families() -> tuple[Family, ...]:
    """Families that installed distributions add under the entry point group `unblocker.catalog`."""
    return tuple(point.load() for point in entry_points(group="unblocker.catalog"))

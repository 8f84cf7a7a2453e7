"""One operation that a view reaches, and how many there are of each kind."""

from collections import Counter
from dataclasses import dataclass, field

from unblocker.records.places import Place
from unblocker.records.survey import OperationKind


@dataclass(frozen=True, slots=True)
class Reached:
    """One operation of a view.

    Attributes:
        depth: how many helpers and templates it lies within.
        repeated: it stands in a loop, or runs for each row that a template shows.
        per_row: the latter, and it asks for something outside: an N+1.
        unknown: a call that could not be followed.
        again: a helper whose operations stand further up; they are not listed a second time.
        login: it loads the session or the user, which nearly every view does and which is not counted.
        called_back: Django calls it: a signal's receiver, a form's method, an overridden method, …
    """

    label: str
    kind: OperationKind
    place: Place
    depth: int = 0
    repeated: bool = False
    per_row: bool = False
    unknown: bool = False
    again: bool = False
    login: bool = False
    called_back: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """How many operations of each kind, the login left out; `repeated` are those that run once per turn or row."""

    total: Counter[OperationKind] = field(default_factory=Counter)
    repeated: Counter[OperationKind] = field(default_factory=Counter)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.total + other.total, self.repeated + other.repeated)

    def in_a_loop(self) -> "Tally":
        """The same, all of it once per turn."""
        return Tally(self.total, self.total)


def one_of(reached: Reached) -> Tally:
    """The operation as a tally; nothing for the login, and for calls, which are counted by what is in them."""
    counts = not reached.login and reached.kind != "helper"
    one = Tally(Counter({reached.kind: 1})) if counts else Tally()
    return one.in_a_loop() if reached.repeated else one

"""What the locals hold at one point of a function, and how ways through it come together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from unblocker.survey.identities import older
from unblocker.survey.joining import join
from unblocker.survey.replacing import replace
from unblocker.survey.settled import Settled, without
from unblocker.survey.values import NEVER

if TYPE_CHECKING:
    from unblocker.survey.values import Value


@dataclass(slots=True)
class Environment:
    """What the locals hold, and which relations and querysets have been fetched, at one point of the function.

    `dead` where the settings and constants of the loaded project rule out that the code gets here. It is read all the
    same, as other settings may rule otherwise. `settled`: what guards have settled.
    """

    values: dict[str, Value] = field(default_factory=dict)
    fetched: frozenset[str] = frozenset()
    ended: bool = False
    dead: bool = False
    settled: frozenset[Settled] = frozenset()

    def copy(self) -> Environment:
        """A copy that can go another way."""
        return Environment(dict(self.values), self.fetched, self.ended, self.dead, self.settled)

    def bind(self, name: str, value: Value) -> None:
        """A local gets a value; what was settled of another that it held is not any more."""
        self.values[name] = value
        if self.settled:
            self.settled = without(self.settled, name)

    def meet(self, other: Environment) -> Environment:
        """What holds where two ways come together; a way that returned or raised doesn't count."""
        if self.ended:
            return other.copy()
        if other.ended:
            return self.copy()
        if self.dead != other.dead:
            return _possible(*((other, self) if self.dead else (self, other)))
        values = _of_either(self.values, other.values)
        settled = self.settled & other.settled
        return Environment(values, self.fetched & other.fetched, dead=self.dead, settled=settled)

    def age(self, before: Environment) -> None:
        """A loop starts its next round: what the last one bound are other objects than those it will make."""
        for name, value in self.values.items():
            if value != before.values.get(name):
                self.values[name] = older(value)

    def torn(self, before: Environment) -> Environment:
        """What holds where an exception left the code between `before` and here half done."""
        done = self.copy()
        done.ended = False
        values = _of_either(before.values, done.values)
        return Environment(values, before.fetched & done.fetched, dead=before.dead)


def _of_either(one: dict[str, Value], other: dict[str, Value]) -> dict[str, Value]:
    """What the locals hold that are as in the one or as in the other; most are the same object in both."""
    values = dict(one)
    for name, value in other.items():
        known = values.get(name, NEVER)
        if known is not value:
            values[name] = join(known, value)
    return values


def _possible(way: Environment, ruled_out: Environment) -> Environment:
    """Where a way meets one that is ruled out, the other counts only for the names that this one has not."""
    return replace(way, values={**ruled_out.values, **way.values})


def meet_all(ways: list[Environment]) -> Environment:
    """What holds where all these ways come together."""
    met = ways[0]
    for way in ways[1:]:
        met = met.meet(way)
    return met

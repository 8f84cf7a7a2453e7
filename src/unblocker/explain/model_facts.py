"""What the project's models say of an attribute's name."""

from dataclasses import dataclass
from typing import Literal

type Kind = Literal["foreign key", "one-to-one", "reverse one-to-one", "generic foreign key"]


@dataclass(frozen=True, slots=True)
class Relation:
    """A single object that a model reaches by the attribute `name`."""

    model: str
    name: str
    kind: Kind
    target: str


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """The relations of the loaded project; none where it is not loaded."""

    relations: tuple[Relation, ...] = ()

    def named(self, name: str) -> tuple[Relation, ...]:
        """The relations of that name, of whatever model."""
        return tuple(one for one in self.relations if one.name == name)

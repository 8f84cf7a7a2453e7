"""A function's whole body by its locals: which steps bind one, and which use or change it."""

from dataclasses import dataclass, field

from unblocker.plan.facts import walk
from unblocker.records.survey import Step


@dataclass(frozen=True, slots=True)
class Body:
    """All steps of a function, nested ones too, by the locals that they bind, use and change."""

    binders: dict[str, list[Step]] = field(default_factory=dict)
    users: dict[str, list[Step]] = field(default_factory=dict)
    changers: dict[str, list[Step]] = field(default_factory=dict)

    def is_used_outside(self, name: str, inside: frozenset[str]) -> bool:
        """Whether a step uses or changes the local that is not one of those `inside`, which are step ids."""
        return any(
            step.id not in inside
            for steps in (self.users, self.changers)
            for step in steps.get(name, ())
        )


def body_of(function: tuple[Step, ...]) -> Body:
    """The body whose outermost steps these are."""
    body = Body()
    for step in walk(function):
        _add(body.binders, step.binds, step)
        _add(body.users, step.uses, step)
        _add(body.changers, step.mutates, step)
    return body


def _add(found: dict[str, list[Step]], names: tuple[str, ...], step: Step) -> None:
    for name in names:
        found.setdefault(name, []).append(step)

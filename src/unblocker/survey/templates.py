"""Rendering, read ahead: which queries a template runs with a given context."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from unblocker.records.survey import Location, Template

if TYPE_CHECKING:
    from unblocker.survey.frame import Frame
    from unblocker.survey.values import Value


@dataclass(slots=True)
class Rendered:
    """What one rendering does; `evaluated` are context names whose queryset is read, and whether surely."""

    reads: set[Location] = field(default_factory=set)
    writes: set[Location] = field(default_factory=set)
    raises: set[str] = field(default_factory=set)
    evaluated: dict[str, bool] = field(default_factory=dict)


@dataclass(slots=True)
class Templates:
    """The loaded engine's templates."""

    def render(
        self, frame: Frame, name: str, context: dict[str, Value], request: Value | None
    ) -> Rendered | None:
        """What rendering `name` with this context does; None where the template can't be read."""
        return Rendered()

    def records(self) -> tuple[Template, ...]:
        """What the templates do by themselves, over all contexts that they were rendered with."""
        return ()

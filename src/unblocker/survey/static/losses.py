"""What a survey of the source alone could not find out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from unblocker.records.survey import Problem

if TYPE_CHECKING:
    from unblocker.records.places import Place


@dataclass(slots=True)
class Losses:
    """What was lost, each once."""

    _problems: dict[tuple[str, str], Problem] = field(default_factory=dict)

    def note(self, code: str, text: str, place: Place | None = None) -> None:
        """Something was not understood."""
        self._problems.setdefault((code, text), Problem(code, text, place))

    def problems(self) -> tuple[Problem, ...]:
        """One that says that nothing was run, and how much was lost; then what was."""
        lost = sorted(self._problems.values(), key=lambda one: (one.code, str(one.place), one.text))
        text = "the survey is of the source alone: nothing of the project was run"
        if lost:
            text += f", and {len(lost)} things that only running tells are unknown"
        return (Problem("U440", text), *lost)

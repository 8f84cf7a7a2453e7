"""How well the survey's facts agree with a table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tools.survey_accuracy.facts import Seen
from tools.survey_accuracy.tables import Spot, Touch, ViewFacts


@dataclass(frozen=True, slots=True)
class Tally:
    """Facts that are in both, only in the survey, only in the table."""

    right: int = 0
    invented: int = 0
    missed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.right + other.right, self.invented + other.invented, self.missed + other.missed
        )

    @property
    def precision(self) -> float:
        """How much of what the survey says is so; 1 where it says nothing."""
        said = self.right + self.invented
        return self.right / said if said else 1.0

    @property
    def recall(self) -> float:
        """How much of what is so the survey says; 1 where nothing is."""
        there = self.right + self.missed
        return self.right / there if there else 1.0


@dataclass(frozen=True, slots=True)
class Score:
    """The tallies of operations, and at those that both have, of what they read, write and guard."""

    operations: Tally = field(default_factory=Tally)
    reads: Tally = field(default_factory=Tally)
    writes: Tally = field(default_factory=Tally)
    guards: Tally = field(default_factory=Tally)

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.operations + other.operations,
            self.reads + other.reads,
            self.writes + other.writes,
            self.guards + other.guards,
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact of a view on which the two differ; `what` says how."""

    view: str
    spot: Spot
    what: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One project's table against its survey; `unknowns` are the places that the survey says it can't follow."""

    score: Score
    differences: tuple[Difference, ...]
    views: int
    unknowns: int


def compare(table: dict[str, ViewFacts], survey: dict[str, Seen]) -> Comparison:
    """Score all views of the table; one that the survey does not have missed everything."""
    total = Score()
    differences: list[Difference] = []
    unknown: set[Spot] = set()
    for view, expected in table.items():
        found = survey.get(view, Seen())
        unknown |= found.unknown
        total += _score(expected, found.facts)
        differences += _differences(view, expected, found.facts)
    return Comparison(total, tuple(differences), len(table), len(unknown))


def _score(expected: ViewFacts, found: ViewFacts) -> Score:
    both = expected.keys() & found.keys()
    return Score(
        _tally(expected.keys(), found.keys()),
        _parts(both, expected, found, "reads"),
        _parts(both, expected, found, "writes"),
        _tally(
            {spot for spot in both if expected[spot].guard},
            {spot for spot in both if found[spot].guard},
        ),
    )


def _parts(both: Iterable[Spot], expected: ViewFacts, found: ViewFacts, part: str) -> Tally:
    tallies = (_tally(getattr(expected[spot], part), getattr(found[spot], part)) for spot in both)
    return sum(tallies, Tally())


def _tally[T](expected: Iterable[T], found: Iterable[T]) -> Tally:
    wanted, had = set(expected), set(found)
    return Tally(len(wanted & had), len(had - wanted), len(wanted - had))


def _differences(view: str, expected: ViewFacts, found: ViewFacts) -> Iterator[Difference]:
    for spot in sorted(expected.keys() | found.keys()):
        if spot not in found:
            yield Difference(view, spot, "missed")
        elif spot not in expected:
            yield Difference(view, spot, "invented")
        else:
            what = _unlike(expected[spot], found[spot])
            if what:
                yield Difference(view, spot, what)


def _unlike(expected: Touch, found: Touch) -> str:
    words = [
        *_signs("reads", expected.reads, found.reads),
        *_signs("writes", expected.writes, found.writes),
    ]
    if expected.guard != found.guard:
        words.append("+guard" if found.guard else "-guard")
    return " ".join(words)


def _signs(part: str, expected: frozenset[str], found: frozenset[str]) -> Iterator[str]:
    signs = [f"+{name}" for name in sorted(found - expected)]
    signs += [f"-{name}" for name in sorted(expected - found)]
    if signs:
        yield f"{part} {','.join(signs)}"

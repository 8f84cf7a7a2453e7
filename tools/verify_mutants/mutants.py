"""Wrong conversions, kept as patches in `wrong/` of views that are converted rightly.

A file holds one or more of them: some fields, then a patch as `diff` writes it, without line numbers. Lines that begin
with a blank or a minus must stand in the view's module exactly once, one behind the other; they become those that
begin with a blank or a plus. A line `...` ends one place and begins the next.

    name: guard_after_count
    about: books are counted before it is known who asks
    view: lending.views.figures
    shows: U709

     async def figures(request):
    +    await Book.objects.acount()
         if not request.user.is_authenticated:
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from unblocker.verify.findings import CODES

FOLDER = Path(__file__).parent / "wrong"
TRIALS = ("", "schedule", "fault", "departure")
_FIELDS = ("name", "about", "view", "shows", "trial")
_BEGIN = re.compile(r"^(?=name: )", re.MULTILINE)
_OTHER_PLACE = "..."


class BadMutantError(Exception):
    """A patch that can't be read, or does not fit."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """A text and what becomes of it."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong conversion.

    Attributes:
        about: what is wrong with it.
        view: dotted path of the view that is changed.
        shows: the codes that must be among the findings.
        trial: what kind of trial it takes to find it; "" where the request itself shows it.
    """

    name: str
    about: str
    view: str
    shows: frozenset[str]
    trial: str
    hunks: tuple[Hunk, ...]

    @property
    def module(self) -> str:
        """The view's module."""
        return self.view.rpartition(".")[0]

    def apply(self, source: str) -> str:
        """The module's text with the mistake in it.

        Raises:
            BadMutantError: a place of the patch is not there, or is there more than once.
        """
        for hunk in self.hunks:
            if (times := source.count(hunk.before)) != 1:
                raise BadMutantError(
                    f"{self.name}: this is {times} times in {self.module}:\n{hunk.before}"
                )
            source = source.replace(hunk.before, hunk.after)
        return source


def load(folder: Path = FOLDER) -> tuple[Mutant, ...]:
    """All of them, by file and place in it.

    Raises:
        BadMutantError: one can't be read, or two have the same name.
    """
    found = [
        mutant
        for path in sorted(folder.glob("*.patch"))
        for mutant in read(path.read_text(encoding="utf-8"))
    ]
    names = [mutant.name for mutant in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise BadMutantError(f"more than once: {', '.join(twice)}")
    return tuple(found)


def read(text: str) -> Iterator[Mutant]:
    """The mutants of one file's text."""
    for entry in _BEGIN.split(text):
        if entry.startswith("name: "):
            head, _, patch = entry.partition("\n\n")
            yield _mutant(head, patch)


def _mutant(head: str, patch: str) -> Mutant:
    pairs = (line.split(": ", 1) for line in head.splitlines())
    fields = {pair[0]: pair[1].strip() for pair in pairs if len(pair) == len(("field", "text"))}
    name = fields["name"]
    if wrong := sorted({*_FIELDS[:-1]} - fields.keys() | fields.keys() - {*_FIELDS}):
        raise BadMutantError(f"{name}: missing or unknown: {', '.join(wrong)}")
    shows, trial = frozenset(fields["shows"].split()), fields.get("trial", "")
    if unknown := sorted(shows - {*CODES.values()}) or ([trial] if trial not in TRIALS else []):
        raise BadMutantError(f"{name}: unknown: {', '.join(unknown)}")
    hunks = tuple(_hunk(name, lines) for lines in _places(patch))
    return Mutant(name, fields["about"], fields["view"], shows, trial, hunks)


def _places(patch: str) -> Iterator[list[str]]:
    place: list[str] = []
    for line in patch.rstrip().splitlines():
        if line == _OTHER_PLACE:
            yield place
            place = []
        else:
            place.append(line or " ")
    yield place


def _hunk(name: str, lines: list[str]) -> Hunk:
    if odd := [line for line in lines if line[0] not in " +-"]:
        raise BadMutantError(f"{name}: neither kept, added nor left out: {odd[0]}")
    before, after = (
        "".join(f"{line[1:]}\n" for line in lines if line[0] in marks) for marks in (" -", " +")
    )
    if before == after:
        raise BadMutantError(f"{name}: changes nothing")
    return Hunk(before, after)

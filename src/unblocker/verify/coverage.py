"""How much of each view's code the requests reached, old and new: lines, branches, and the operations of the survey."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from unblocker.records.evidence import Coverage, Note, Reach, ViewEvidence
from unblocker.verify.job import Code, Trees
from unblocker.verify.outline import EXIT, Branch
from unblocker.verify.process import Side
from unblocker.verify.protocol import Function, Observation, Outlined

SHOWN = 60

type Outliner = Callable[[Side, Function], Outlined]


class Footprints:
    """Which statements and branches ran, by side and file."""

    def __init__(self) -> None:
        self._lines: defaultdict[tuple[Side, str], set[int]] = defaultdict(set)
        self._branches: defaultdict[tuple[Side, str], set[Branch]] = defaultdict(set)

    def add(self, side: Side, observation: Observation) -> None:
        """Take in what ran while one request was handled."""
        for each in observation.reached:
            self._lines[side, each.file].update(each.statements)
            self._branches[side, each.file].update(each.branches)

    def join(self, others: "Footprints") -> None:
        """Take in all of the others."""
        for place, lines in others._lines.items():
            self._lines[place] |= lines
        for place, branches in others._branches.items():
            self._branches[place] |= branches

    def lines(self, side: Side, file: str) -> frozenset[int]:
        """The first lines of the statements that ran."""
        return frozenset(self._lines.get((side, file), ()))

    def branches(self, side: Side, file: str) -> frozenset[Branch]:
        """The branches that were taken."""
        return frozenset(self._branches.get((side, file), ()))


@dataclass(frozen=True, slots=True)
class Covering:
    """Draws up what of the views' code was reached."""

    trees: Trees
    outline: Outliner

    def told(
        self, evidence: ViewEvidence, code: tuple[Code, ...], footprints: Footprints
    ) -> ViewEvidence:
        """The evidence with its coverage, and a note (U753) where operations were not reached."""
        if not code or not evidence.requests:
            return evidence
        labels = [label for one in code for label in self._missed_operations(one, footprints)]
        total = sum(len(one.operations) for one in code)
        coverage = Coverage(
            self._reach("old", code, footprints),
            self._reach("new", code, footprints),
            total,
            tuple(labels),
        )
        notes = evidence.notes
        if labels:
            text = f"{len(labels)} of its {total} operations were reached by no request: "
            notes = (*notes, Note("U753", text + ", ".join(labels), evidence.requests))
        return replace(evidence, coverage=coverage, notes=notes)

    def _reach(self, side: Side, code: tuple[Code, ...], footprints: Footprints) -> Reach:
        parts = [self._part(side, one, footprints) for one in code]
        return Reach(
            sum(part.lines for part in parts),
            sum(part.lines_reached for part in parts),
            sum(part.branches for part in parts),
            sum(part.branches_reached for part in parts),
            tuple(text for part in parts for text in part.missed),
        )

    def _part(self, side: Side, code: Code, footprints: Footprints) -> Reach:
        name = code.after if side == "new" else code.before
        outlined = self.outline(side, Function(code.file, name))
        lines = footprints.lines(side, code.file)
        branches = footprints.branches(side, code.file)
        root = self.trees.new if side == "new" else self.trees.old
        return Reach(
            len(outlined.statements),
            len(lines.intersection(outlined.statements)),
            len(outlined.branches),
            len(branches.intersection(outlined.branches)),
            tuple(_missed(outlined, lines, branches, _Text(root, code.file))),
        )

    def _missed_operations(self, code: Code, footprints: Footprints) -> Iterator[str]:
        """Those on none of whose lines a statement ran that begins there or goes on there."""
        outlined = self.outline("old", Function(code.file, code.before))
        lines = footprints.lines("old", code.file)
        for operation in code.operations:
            starts = [line for line in outlined.statements if line <= operation.line]
            inside = {line for line in lines if operation.line <= line <= operation.end_line}
            if not inside and (not starts or max(starts) not in lines):
                yield f"{code.file}:{operation.line} ({operation.label})"


class _Text:
    """A file's lines, as they are shown to say where something is."""

    def __init__(self, root: Path, file: str) -> None:
        self._file = file
        self._lines = (root / file).read_bytes().splitlines()

    def at(self, line: int, until: str = "") -> str:
        """The place with the beginning of its line."""
        text = self._lines[line - 1].decode(errors="replace").strip().rstrip(":")
        shown = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
        return f"{self._file}:{line}{until} ({shown})"


def _missed(
    outlined: Outlined, lines: frozenset[int], branches: frozenset[Branch], text: _Text
) -> Iterator[str]:
    for first, last in _runs(outlined.statements, lines):
        yield text.at(first, f"-{last}" if last > first else "")
    for start, end in outlined.branches:
        if (start, end) not in branches and start in lines and (end == EXIT or end in lines):
            yield text.at(start, " to its end" if end == EXIT else f" to {end}")


def _runs(statements: Iterable[int], reached: frozenset[int]) -> Iterator[tuple[int, int]]:
    """The first and last of statements in a row that were not reached."""
    run: list[int] = []
    for line in (*statements, None):
        if line is not None and line not in reached:
            run.append(line)
        elif run:
            yield run[0], run[-1]
            run = []

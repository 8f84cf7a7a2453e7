"""What the sides' databases hold after a request: compared, put in line with the old side's, or back to before it."""

from collections.abc import Iterable, Mapping

from unblocker.verify.excerpts import differing_lines, listed
from unblocker.verify.findings import Finding
from unblocker.verify.process import Side
from unblocker.verify.tables import Inspector, State, Table

MAX_ROWS = 5

type Findings = dict[Side, tuple[Finding, ...]]


class EndState:
    """The databases of all sides, each alias of a side beside the same alias of the others.

    `kept` are databases that nobody works on: they hold what the old side's held at the last `keep`.
    """

    def __init__(
        self, inspectors: Mapping[Side, tuple[Inspector, ...]], kept: tuple[Inspector, ...]
    ) -> None:
        self._inspectors = inspectors
        self._kept = kept
        self._mark = ""
        self._kept_at = ""

    @property
    def tables(self) -> int:
        """How many tables are compared."""
        return sum(len(each.tables) for each in self._inspectors["old"])

    def compare(self) -> Findings:
        """How each other side's databases differ from the old side's, which are in line before each request."""
        mark = self._last_write()
        others = [side for side in self._inspectors if side != "old"]
        if mark == self._mark:
            return dict.fromkeys(others, ())
        self._mark = mark
        states = {
            side: [each.state() for each in databases]
            for side, databases in self._inspectors.items()
        }
        return {side: self._findings(states["old"], states[side], side) for side in others}

    def align(self) -> None:
        """Make every side hold what the old side holds."""
        old = self._inspectors["old"]
        for side, databases in self._inspectors.items():
            if side != "old":
                _align(old, databases)
        self._mark = self._last_write()

    def keep(self) -> None:
        """Remember what the old side holds now, for `put_back`."""
        if self._kept_at != self._last_write():
            _align(self._inspectors["old"], self._kept)
        self._kept_at = self._last_write()

    def put_back(self, sides: Iterable[Side]) -> None:
        """Make the sides hold what the old side held at the last `keep`."""
        if self._kept_at == self._last_write():
            return
        for side in sides:
            _align(self._kept, self._inspectors[side])
        self._mark = ""  # some are in line no more, even if nothing is written

    def has_changed(self, side: Side) -> bool:
        """Whether the side holds other rows than the old side did at the last `keep`."""
        pairs = zip(self._kept, self._inspectors[side], strict=True)
        return any(kept.state().differing_tables(mine.state()) for kept, mine in pairs)

    def release(self, side: Side) -> None:
        """End what a killed worker left running in its databases."""
        for database in self._inspectors[side]:
            database.disconnect_others()

    def _last_write(self) -> str:
        """A mark of all sides' databases; what one of PostgreSQL tells counts for all of its server."""
        old = self._inspectors["old"]
        marks = [each.last_write() for each in old]
        for side, databases in self._inspectors.items():
            if side != "old":
                marks += [each.last_write() for each in databases if not each.sees_server]
        return " ".join(marks)

    def _findings(self, before: list[State], after: list[State], side: Side) -> tuple[Finding, ...]:
        found: list[Finding] = []
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            mine, theirs = self._inspectors["old"][number], self._inspectors[side][number]
            if tables := old.differing_tables(new):
                found.append(_rows_differ(mine, theirs, tables))
            if names := old.differing_sequences(new):
                found.append(_sequences_differ(old, new, names))
        return tuple(found)


def _rows_differ(old: Inspector, new: Inspector, tables: tuple[Table, ...]) -> Finding:
    left: list[str] = []
    right: list[str] = []
    for table in tables:
        rows = old.differing_rows(new, table, MAX_ROWS)
        left += [f"{table} {row}" for row in rows.mine]
        right += [f"{table} {row}" for row in rows.theirs]
    names = ", ".join(map(str, tables))
    return Finding(
        "tables",
        f"not the same rows in {names} afterwards",
        *differing_lines("\n".join(left), "\n".join(right)),
    )


def _sequences_differ(old: State, new: State, names: tuple[str, ...]) -> Finding:
    return Finding(
        "sequences",
        f"not the same next number from {', '.join(names)}",
        listed(f"{name}: {old.sequences.get(name)}" for name in names),
        listed(f"{name}: {new.sequences.get(name)}" for name in names),
    )


def _align(models: tuple[Inspector, ...], databases: tuple[Inspector, ...]) -> None:
    """Make each database hold what the model of the same alias holds."""
    for model, database in zip(models, databases, strict=True):
        wanted, held = model.state(), database.state()
        tables = wanted.differing_tables(held)
        sequences = {
            name: wanted.sequences.get(name, 0) for name in wanted.differing_sequences(held)
        }
        if tables or sequences:
            database.align(model, tables, sequences)

"""What a database holds, as far as it is compared: tables, sequences, rows that differ."""

from dataclasses import dataclass
from typing import Any, Protocol, Self

_USUAL_SCHEMAS = frozenset({"public", "main"})  # PostgreSQL's and SQLite's


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the columns that can be written."""

    schema: str
    name: str
    columns: tuple[str, ...]

    def __str__(self) -> str:
        return self.name if self.schema in _USUAL_SCHEMAS else f"{self.schema}.{self.name}"


@dataclass(frozen=True, slots=True)
class State:
    """What a database holds: per table the number of rows and a digest, per sequence its last value."""

    tables: dict[Table, tuple[int, str]]
    sequences: dict[str, int]

    def differing_tables(self, other: "State") -> tuple[Table, ...]:
        """The tables that do not hold the same rows."""
        return tuple(
            table for table, digest in self.tables.items() if other.tables[table] != digest
        )

    def differing_sequences(self, other: "State") -> tuple[str, ...]:
        """The sequences that are not at the same value."""
        names = sorted(self.sequences.keys() | other.sequences.keys())
        return tuple(
            name for name in names if self.sequences.get(name) != other.sequences.get(name)
        )


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that one of two databases holds and the other does not, each as JSON text."""

    mine: tuple[str, ...]
    theirs: tuple[str, ...]


class Inspector(Protocol):
    """Looks at one clone, and writes to it only to put it in line with another of its kind."""

    @property
    def alias(self) -> str:
        """Which of the project's DATABASES it is."""

    @property
    def sees_server(self) -> bool:
        """Whether its `last_write` tells of all databases of its server, those of the other sides among them."""

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def last_write(self) -> str:
        """A mark that changes whenever a transaction that wrote ends in this database."""

    def state(self) -> State:
        """What the database holds now."""

    def differing_rows(self, other: Any, table: Table, limit: int) -> Rows:
        """Up to `limit` rows on each side that the other side does not hold; both were asked for their `state`."""

    def align(self, model: Any, tables: tuple[Table, ...], sequences: dict[str, int]) -> None:
        """Make the tables hold what they hold in `model`, and the sequences go on from the values given.

        Both have been asked for their `state` since anything was written.
        """

    def disconnect_others(self) -> None:
        """End every other connection to this database, and wait until each has ended."""

"""What templates ask for again for each row that they show: no conversion mends that, a join may."""

from collections.abc import Iterable
from dataclasses import dataclass

from unblocker.records.places import Place
from unblocker.report.surveyed.rows import Row


@dataclass(frozen=True, slots=True)
class RowByRow:
    """One expression of a template, and the views that render it."""

    label: str
    place: Place
    views: tuple[str, ...]


def row_by_row(rows: Iterable[Row]) -> tuple[RowByRow, ...]:
    """Those of the project's own views, what most views render first."""
    found: dict[tuple[str, Place], dict[str, None]] = {}
    for row in rows:
        for one in row.operations:
            if row.is_own and one.per_row:
                found.setdefault((one.label, one.place), {})[row.name] = None
    told = [RowByRow(label, place, tuple(views)) for (label, place), views in found.items()]
    return tuple(sorted(told, key=lambda one: -len(one.views)))

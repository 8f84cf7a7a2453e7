"""Locations told in words."""

from collections.abc import Iterable

from unblocker.records.survey import Location, Operation


def tables_of(operation: Operation) -> str:
    """The tables that an operation reads or writes, `shop_product, shop_review`; empty where it touches none."""
    return _names("table", (*operation.reads, *operation.writes))


def outside_of(operation: Operation) -> str:
    """What it waits for besides the database: `host api.example, files`."""
    kinds = ("host", "mail", "files")
    found = [place for place in (*operation.reads, *operation.writes) if place.kind in kinds]
    return ", ".join(sorted({str(place) for place in found}))


def _names(kind: str, places: Iterable[Location]) -> str:
    found = {place.name for place in places if place.kind == kind}
    return ", ".join(sorted(found)).replace("*", "the database")

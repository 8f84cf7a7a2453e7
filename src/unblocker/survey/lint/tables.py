"""Locations told in words."""

from collections.abc import Iterable

from unblocker.records.survey import Location, Operation


def tables_of(operation: Operation) -> str:
    """The tables that an operation reads or writes, `shop_product, shop_review`; empty where it touches none."""
    return tables_in((*operation.reads, *operation.writes))


def outside_in(places: Iterable[Location]) -> str:
    """Those of the places besides the database that are waited for: `api.example, files`."""
    found = {place for place in places if place.kind in ("host", "mail", "files")}
    return ", ".join(sorted({_called(place) for place in found}))


def _called(place: Location) -> str:
    if place.kind == "host":
        return "another host" if place.name == "*" else place.name
    return str(place)


def tables_in(places: Iterable[Location]) -> str:
    """The tables among the places."""
    found = {place.name for place in places if place.kind == "table"}
    return ", ".join(sorted(found)).replace("*", "the database")

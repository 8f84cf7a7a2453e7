"""Values as text: the same text for the same content, without asking the database or running the project's code."""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.http import HttpResponse
from django.utils.functional import LazyObject, Promise

from unblocker.verify.canonical import canonical_body

_PLAIN = (str, bytes, int, float, complex, Decimal, UUID, date, datetime, time, timedelta)


def plain(value: object) -> str:
    """The value as text; of objects that nothing is known about their type only."""
    if issubclass(type(value), LazyObject | Promise):  # isinstance would evaluate it
        return "…"
    match value:
        case None | bool():
            return repr(value)
        case str():
            return repr(str(value))
        case Mapping() | list() | tuple() | AbstractSet():
            return _collection(value)
        case Model():
            return _row(value)
        case HttpResponse():
            body = canonical_body(value.content, value.get("Content-Type", ""))
            return f"{value.status_code} {sorted(value.headers.items())} {body}"
        case _ if type(value) in _PLAIN:
            return repr(value)
    return type(value).__qualname__


def _collection(values: Collection[Any]) -> str:
    match values:
        case Mapping():
            pairs = sorted(f"{plain(key)}: {plain(each)}" for key, each in values.items())
            return f"{{{', '.join(pairs)}}}"
        case list():
            return f"[{', '.join(map(plain, values))}]"
        case tuple():
            return f"({', '.join(map(plain, values))})"
    return f"{{{', '.join(sorted(map(plain, values)))}}}"


def _row(instance: Model) -> str:
    """The fields that were read, as they are in memory."""
    held = {name: each for name, each in vars(instance).items() if not name.startswith("_")}
    return f"{type(instance).__qualname__} {plain(held)}"

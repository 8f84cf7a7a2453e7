"""Making a class of the project out of its bases and its body, as Python would have done."""

from __future__ import annotations

import types
from dataclasses import dataclass
from typing import Any
from weakref import WeakSet

from unblocker.survey.static import hollow


@dataclass(frozen=True, slots=True)
class Made:
    """A class, and what could not be done as Python would have."""

    cls: type
    told: str | None = None


_OWN: WeakSet[type] = WeakSet()


def is_own(cls: type) -> bool:
    """Whether it was made here."""
    return cls in _OWN


def make_class(
    name: str, bases: tuple[Any, ...], names: dict[str, object], keywords: dict[str, Any]
) -> Made:
    """The class; a plain one of the same methods where its bases are unknown or refuse it."""
    known = tuple(base for base in bases if hasattr(base, "__mro_entries__") or _is_class(base))
    told = None if len(known) == len(bases) else "a base class is unknown"
    try:
        cls: Any = types.new_class(name, known, keywords, lambda body: _fill(body, names))
        if isinstance(cls, type):
            _OWN.add(cls)
            return Made(cls, told)
        told = "its metaclass is the project's own"
    except Exception as error:  # noqa: BLE001  # what Django's metaclasses refuse, or a hollow method breaks
        told = f"{type(error).__name__}: {error}"
    plain = tuple(base for base in known if type(base) is type)
    cls = _plain(name, plain, names)
    _OWN.add(cls)
    return Made(cls, told)


def _is_class(base: object) -> bool:
    return isinstance(base, type) and not hollow.is_empty(type(base).__new__)


def _fill(body: dict[str, Any], names: dict[str, object]) -> None:
    for key, value in names.items():
        body[key] = value  # noqa: PERF403  # an enum's body looks at each


def _plain(name: str, bases: tuple[type, ...], names: dict[str, object]) -> type:
    try:
        return type(name, bases or (object,), dict(names))
    except Exception:  # noqa: BLE001  # bases that contradict each other
        return type(name, (object,), {"__module__": names["__module__"]})

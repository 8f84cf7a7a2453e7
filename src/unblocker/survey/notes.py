"""Notes on what locals hold, taken while a function is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from unblocker.records.account import TypeFact
from unblocker.survey.values import (
    Either,
    Form,
    Inert,
    Instance,
    Items,
    Manager,
    Mapping,
    Object,
    Page,
    QuerySet,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import Model

    from unblocker.records.places import Place
    from unblocker.survey.frame import Frame


@dataclass(slots=True)
class Notes:
    """By function, place and name what it holds from there on; a loop's later rounds know more than its first."""

    _found: dict[tuple[str, Place, str], str] = field(default_factory=dict)

    def bound(self, frame: Frame, place: Place, names: Iterable[str]) -> None:
        """The names have got their values at the place."""
        for name in names:
            text = told(frame.value(name))
            if text:
                self._found[frame.home, place, name] = text

    def facts(self) -> tuple[TypeFact, ...]:
        """All notes, by function and place."""
        return tuple(
            TypeFact(function, name, text, place)
            for (function, place, name), text in sorted(self._found.items())
        )


def told(value: Value) -> str:
    """What the value is, in words; empty for what never does I/O."""
    match value:
        case Unknown():
            return "unknown: it may be anything"
        case QuerySet():
            return _queryset(value)
        case Instance():
            return _instance(value)
        case Manager(model=model):
            return f"a manager of {_name(model)}"
        case Page(items=items, paginator=paginator):
            inside = told(items)
            return f"a {'paginator' if paginator else 'page'} over {inside}" if inside else ""
        case Either(choices=choices):
            return " or ".join(told(one) for one in choices)
        case Items(element=element):
            inside = told(element)
            return f"a sequence; each is {inside}" if inside else ""
        case Mapping(entries=entries):
            parts = [f"{key!s}: {text}" for key, item in entries if (text := told(item))]
            return f"a dict with {', '.join(parts)}" if parts else ""
        case _:
            return _plain(value)


def _plain(value: Value) -> str:
    match value:
        case Form(cls=cls) | Object(cls=cls):
            return _article(f"{cls.__module__}.{cls.__qualname__}")
        case Inert(known=True, constant=None):
            return "None"
        case _:
            return ""


def _queryset(value: QuerySet) -> str:
    what = "rows of values" if value.shape == "rows" else "a queryset"
    extra = _with(value.loaded)
    there = ", its rows fetched" if value.evaluated else ""
    return f"{what} of {_name(value.model)}{extra}{there}"


def _instance(value: Instance) -> str:
    deferred = ", loaded when it is first looked at" if value.deferred else ""
    none = ", or None" if value.nullable else ""
    return f"{_article(_name(value.model))}{_with(value.loaded)}{deferred}{none}"


def _with(loaded: frozenset[str]) -> str:
    return f" with {', '.join(sorted(loaded))} loaded" if loaded else ""


def _name(model: type[Model]) -> str:
    return str(model._meta.label)


def _article(name: str) -> str:
    return f"an {name}" if name[:1].lower() in "aeiou" else f"a {name}"

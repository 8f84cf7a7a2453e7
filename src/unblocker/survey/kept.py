"""What the process keeps once it has read it: content types, the current site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unblocker.survey.values import Instance, Live

if TYPE_CHECKING:
    from collections.abc import Iterable

    from unblocker.survey.frame import Frame
    from unblocker.survey.index import Known
    from unblocker.survey.querysets import Arguments

_PREFIX = "kept:"


def kept(facts: Iterable[str]) -> frozenset[str]:
    """Those of the facts about what was fetched that hold in every function."""
    return frozenset(fact for fact in facts if fact.startswith(_PREFIX))


def is_kept(frame: Frame, known: Known, once: bool, given: Arguments) -> bool:
    """Whether a call reads nothing because an earlier one has; one that does read is remembered."""
    name = _name(known.name, given) if once else None
    return name is not None and not frame.fetch(name)


def content_type_of(model: type) -> str:
    """How it is remembered that the content type of this model has been read."""
    return f"{_PREFIX}django_contenttypes.of_model {model.__module__}.{model.__qualname__}"


def _name(entry: str, given: Arguments) -> str | None:
    """None where it is not known what the call asks for."""
    match given.get(0, "model"):
        case None:
            return f"{_PREFIX}{entry}"
        case Live(target=type() as model) | Instance(model=model) if not given.keywords:
            return f"{_PREFIX}{entry} {model.__module__}.{model.__qualname__}"
        case _:
            return None

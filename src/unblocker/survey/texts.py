"""Methods of texts that are known: what they return is known too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from unblocker.survey.values import INERT, Inert, constant

if TYPE_CHECKING:
    from unblocker.survey.querysets import Arguments

_FOLDED = frozenset(
    {"upper", "lower", "title", "capitalize", "casefold", "strip", "lstrip", "rstrip", "removeprefix", "removesuffix"}
)  # fmt: skip


def folds(value: Inert, name: str) -> bool:
    """Whether it is a known text, and this method of it is one that is worked out."""
    return value.known and isinstance(value.constant, str) and name in _FOLDED


def folded(value: Inert, name: str, given: Arguments) -> Inert:
    """What the method returns; data where an argument is not known."""
    parts = [part.constant for part in given.values() if isinstance(part, Inert) and part.known]
    if given.open or len(parts) != len(given.values()):
        return INERT
    try:
        return constant(getattr(value.constant, name)(*parts))
    except TypeError:
        return INERT

"""Paths of files: what makes another path of one; everything else that is asked of a path is data or I/O."""

from __future__ import annotations

from pathlib import PurePath

from unblocker.survey.values import INERT, Inert, Object, Value

_MAKING = frozenset(
    {
        "joinpath", "with_name", "with_stem", "with_suffix", "with_segments", "absolute", "resolve",
        "expanduser", "relative_to",
    }
)  # fmt: skip


def joined(left: Value, right: Value) -> Value | None:
    """`left / right`; None where neither is a path."""
    path = next((one for one in (left, right) if is_path(one)), None)
    other = right if path is left else left
    return path if path is None or is_path(other) or isinstance(other, Inert) else None


def made(cls: type, name: str) -> Value:
    """What a method of a class that does no I/O returns."""
    return Object(cls) if issubclass(cls, PurePath) and name in _MAKING else INERT


def is_path(value: Value) -> bool:
    """Whether it is an object of pathlib's."""
    return isinstance(value, Object) and issubclass(value.cls, PurePath)

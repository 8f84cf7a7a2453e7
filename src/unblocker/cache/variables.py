"""The environment's variables: which ones code reads."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSING = frozenset(
    {"_", "SHLVL", "PWD", "OLDPWD", "COLUMNS", "LINES", "TERM", "COLORTERM", "WINDOWID", "LS_COLORS", "NO_COLOR"}
)  # fmt: skip
"""Variables of the terminal, which change from one command to the next."""

type Read = dict[str, str | None]


class _Watched(os._Environ):  # type: ignore[type-arg]  # the only class that os.environ can be turned into
    """`os.environ`, taking down what is read before it was written."""

    __slots__ = ()

    def __getitem__(self, key: str) -> str:
        if isinstance(key, str):  # else it is a mistake, which the next line tells
            value = _data(self).get(self.encodekey(key))
            _note(key, None if value is None else os.fsdecode(value))
        return str(super().__getitem__(key))

    def __setitem__(self, key: str, value: str) -> None:
        _written.add(key)
        super().__setitem__(key, value)

    def __iter__(self) -> Iterator[str]:
        """Whoever goes through all of them may look at any, and sees which are missing."""
        _note("*", _at_first[-1])
        return super().__iter__()


_reads: list[Read] = []
_written: set[str] = set()
_at_first: list[str] = []


def _note(key: str, value: str | None) -> None:
    if key not in _written:
        for read in _reads:
            read.setdefault(key, value)


def current(key: str) -> str | None:
    """What the variable is now, `*` standing for all of them."""
    return _all() if key == "*" else os.environ.get(key)


def _all() -> str:
    """All variables that do not belong to the terminal, as one text."""
    found = sorted(_data(os.environ).items())
    pairs = ((os.fsdecode(key), os.fsdecode(value)) for key, value in found)
    return repr([pair for pair in pairs if pair[0] not in PASSING])


def _data(environment: os._Environ[str]) -> dict[bytes, bytes]:
    """What it holds; going through the class itself would be taken down."""
    data: dict[bytes, bytes] = vars(environment)["_data"]
    return data


@contextmanager
def watching_variables(read: Read) -> Iterator[None]:
    """Take down in `read` the variables that are read while inside, and what they were before anybody wrote them."""
    before = type(os.environ)
    _written.clear()
    _at_first.append(_all())
    _reads.append(read)
    os.environ.__class__ = _Watched
    try:
        yield
    finally:
        os.environ.__class__ = before
        _reads.remove(read)
        _at_first.pop()

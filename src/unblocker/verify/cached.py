"""What a worker's caches held before a request: to handle it once more, and to tell what it changed in them."""

import pickle
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache

from unblocker.verify.plain import plain
from unblocker.verify.protocol import Kept


@dataclass(slots=True)
class Cached:
    """The contents of the in-memory caches, which are all that `isolation` leaves outside the database."""

    _entries: dict[str, OrderedDict[str, bytes]] = field(default_factory=dict)
    _expiries: dict[str, dict[str, float]] = field(default_factory=dict)

    def take(self) -> None:
        """Remember what they hold now."""
        for alias, cache in _in_memory().items():
            self._entries[alias] = OrderedDict(cache._cache)
            self._expiries[alias] = dict(cache._expire_info)

    def put_back(self) -> None:
        """Have them hold it again."""
        for alias, cache in _in_memory().items():
            cache._cache.clear()
            cache._cache.update(self._entries.get(alias, {}))
            cache._expire_info.clear()
            cache._expire_info.update(self._expiries.get(alias, {}))

    def changes(self) -> tuple[Kept, ...]:
        """The entries that are not what they were when taken, by alias and key."""
        return tuple(
            change
            for alias, cache in sorted(_in_memory().items())
            for change in self._changes(alias, cache)
        )

    def _changes(self, alias: str, cache: Any) -> Iterator[Kept]:
        entries: Mapping[str, bytes] = self._entries.get(alias, {})
        expiries: Mapping[str, float] = self._expiries.get(alias, {})
        for key in sorted(entries.keys() | cache._cache.keys()):
            held, expires = cache._cache.get(key), cache._expire_info.get(key)
            if held is None:
                yield Kept(alias, key, "", "")
            elif (held, expires) != (entries.get(key), expiries.get(key)):
                yield Kept(alias, key, plain(pickle.loads(held)), _time_left(expires))  # noqa: S301  # the project's own


def _time_left(expires: float | None) -> str:
    return "for ever" if expires is None else f"for {expires - time.time():.0f} s"


def _in_memory() -> dict[str, Any]:
    found: dict[str, Any] = {alias: caches[alias] for alias in caches}
    return {alias: cache for alias, cache in found.items() if isinstance(cache, LocMemCache)}

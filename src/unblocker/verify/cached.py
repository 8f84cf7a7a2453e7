"""What a worker's caches held before a request, to handle the same request once more."""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache


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


def _in_memory() -> dict[str, Any]:
    found: dict[str, Any] = {alias: caches[alias] for alias in caches}
    return {alias: cache for alias, cache in found.items() if isinstance(cache, LocMemCache)}

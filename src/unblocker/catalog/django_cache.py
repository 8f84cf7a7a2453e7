"""django.core.cache."""

from unblocker.catalog.base import Entry, Example, Family

_OWNERS = ("django.core.cache.cache", "django.core.cache.backends.base.BaseCache")


def _calls(*names: str) -> tuple[str, ...]:
    return tuple(f"{owner}.{name}" for owner in _OWNERS for name in names)


FAMILY = Family(
    name="django_cache",
    title="Cache",
    summary=(
        "Django's cache backends are synchronous inside, their `a…` methods included (they take a thread). A call goes "
        "to a worker thread with `offload` where it is worth it."
    ),
    entries=(
        Entry(
            "read",
            _calls("get", "get_many", "has_key", "ttl", "keys"),
            "cache",
            "offload",
            reads=("cache",),
            examples=(
                Example(
                    'banner = cache.get("banner")\n'
                    'return JsonResponse({"banner": banner})',
                    'banner = cache.get("banner")\n'
                    'return JsonResponse({"banner": banner})',
                    why="One read of the cache: there is nothing to overlap.",
                ),
            ),
        ),
        Entry(
            "write",
            _calls("set", "set_many", "delete", "delete_many", "delete_pattern", "clear", "touch"),
            "cache",
            "offload",
            writes=("cache",),
        ),
        Entry(
            "change",
            _calls("add", "incr", "decr", "incr_version", "decr_version"),
            "cache",
            "offload",
            reads=("cache",),
            writes=("cache",),
        ),
        Entry(
            "get_or_set",
            _calls("get_or_set"),
            "cache",
            reads=("cache", "unknown"),
            writes=("cache", "unknown"),
            differs="Its default may be a function that does anything.",
        ),
        Entry("lock", _calls("lock"), "cache", reads=("cache",), writes=("cache", "unknown")),
    ),
)  # fmt: skip

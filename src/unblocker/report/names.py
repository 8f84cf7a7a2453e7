"""Finds the view that another record means, and the shortest name that tells it from the others."""

from collections import Counter
from collections.abc import Iterable, Mapping


def short_names(views: Iterable[str]) -> dict[str, str]:
    """For each dotted view id the fewest last parts of it that no other id ends with."""
    ids = tuple(dict.fromkeys(views))
    tails = Counter(tail for view in ids for tail in _tails(view))
    return {view: next((tail for tail in _tails(view) if tails[tail] == 1), view) for view in ids}


def resolve(name: str, routes: Mapping[str, Iterable[str]]) -> str:
    """The id of the view that `name` means: its id, the end of it, or the name of one of its routes.

    `routes` gives each view's route names. A name that fits no view, or more than one, is returned as it is.
    """
    if name in routes:
        return name
    tail = name.replace(":", ".")
    fitting = [view for view in routes if view.endswith(f".{tail}")]
    if not fitting:
        fitting = [view for view, names in routes.items() if name in names]
    return fitting[0] if len(fitting) == 1 else name


def _tails(view: str) -> list[str]:
    parts = view.split(".")
    return [".".join(parts[-size:]) for size in range(1, len(parts) + 1)]

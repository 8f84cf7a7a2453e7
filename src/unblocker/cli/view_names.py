"""The view that the user means by a name: its dotted path, the end of it, a route's name, or a path that it answers."""

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from unblocker.errors import UnblockError
from unblocker.records.survey import Route, Survey, View

_CONVERTER = re.compile(r"<(?:(?P<kind>\w+):)?\w+>")
_GROUP = re.compile(r"\(\?P<\w+>")
_PATTERNS = {"int": r"[0-9]+", "path": r".+", "uuid": r"[0-9a-fA-F-]{36}", "slug": r"[-\w]+"}
_SHOWN = 8


def find_view(survey: Survey, name: str) -> View:
    """The view that the name means. Of several routes that answer a path, the first counts, as for Django.

    Raises:
        UnblockError: there is none (U034), or there are several of that name (U035).
    """
    found = list(_by_path(survey, name)) if "/" in name else list(_by_name(survey, name))
    if not found:
        raise UnblockError("U034", f"the project has no view {name!r}", hint=_hint(survey, name))
    if len(found) > 1:
        ids = ", ".join(view.id for view in found[:_SHOWN])
        raise UnblockError(
            "U035",
            f"{name!r} may be one of {len(found)} views: {ids}",
            hint="Name more of its path.",
        )
    return found[0]


def _by_name(survey: Survey, name: str) -> Iterator[View]:
    """By its whole path alone; else by the end of it, or by a route's name, in full or without its namespace."""
    exact = [view for view in survey.views if view.id == name]
    if exact:
        yield from exact
        return
    tail = name.replace(":", ".")
    ends = [view for view in survey.views if view.id.endswith(f".{tail}")]
    named = [view for view in survey.views if name in _route_names(view)]
    yield from ends or named


def _route_names(view: View) -> frozenset[str]:
    names = {route.name for route in view.routes if route.name}
    return frozenset({*names, *(name.rpartition(":")[2] for name in names)})


def _by_path(survey: Survey, path: str) -> Iterator[View]:
    wanted = path.split("?", 1)[0].strip("/")
    for view in survey.views:
        if any(_answers(route, wanted) for route in view.routes):
            yield view
            return


def _answers(route: Route, path: str) -> bool:
    """Whether the route's pattern fits the path, or is the path as the survey shows it."""
    if route.pattern.strip("/") == path:
        return True
    try:
        return re.fullmatch(_regex(route.pattern), path) is not None
    except re.error:
        return False


def _regex(pattern: str) -> str:
    """The pattern as one regular expression; parts may be of `path()` or of `re_path()`."""
    if _GROUP.search(pattern) or pattern.startswith("^") or pattern.endswith("$"):
        return pattern.replace("^", "").removesuffix("$").strip("/") + "/?"
    pieces = _CONVERTER.split(pattern.strip("/"))
    parts = [re.escape(pieces[0])]
    for kind, text in zip(pieces[1::2], pieces[2::2], strict=True):
        parts += [_PATTERNS.get(kind or "", "[^/]+"), re.escape(text)]
    return "".join(parts)


def _hint(survey: Survey, name: str) -> str:
    own = [view for view in survey.views if view.kind not in ("admin", "third-party")]
    paths = [f"/{route.pattern}" for view in own for route in view.routes]
    words = paths if "/" in name else list(_words(own))
    close = get_close_matches(name, words, n=3, cutoff=0.5)
    if close:
        return f"Did you mean {' or '.join(dict.fromkeys(close))}?"
    return "`django-unblock survey --all` lists them."


def _words(views: Iterable[View]) -> Iterator[str]:
    for view in views:
        yield view.id.rpartition(".")[2]
        yield view.id
        yield from (route.name for route in view.routes if route.name)

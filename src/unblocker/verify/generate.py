"""Requests made up from URL patterns and the rows that there are.

For objects that exist and one that does not, as each kind of user, with right and wrong methods. What changes
something comes last, so that the reading requests still find the rows.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from unblocker.records.traffic import Request

_PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
_REGEX_SIGNS = re.compile(r"[\^$\\()?*|\[\]]")
_READING = ("HEAD", "OPTIONS")
_CHANGING = ("POST", "PUT", "DELETE")
_MISSING = {"int": "2147483647", "uuid": "00000000-0000-4000-8000-000000000000"}
_MISSING_TEXT = "no-such-thing"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A part of a URL pattern that takes a value: `<int:order_id>`."""

    name: str
    converter: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value that a row has for a parameter, and the username of the row's owner where it has one."""

    text: str
    owner: str | None = None


class LiveData(Protocol):
    """What the database holds."""

    @property
    def users(self) -> tuple[str, ...]:
        """One username of each kind that matters: a plain user, staff, a superuser."""

    def values(self, route: str, parameter: Parameter) -> tuple[Value, ...]:
        """A few values for a parameter of the pattern; none where no table fits."""


@dataclass(frozen=True, slots=True)
class _Url:
    path: str
    owner: str | None = None


def generate(
    routes_by_view: Iterable[tuple[str, ...]], data: LiveData, per_view: int
) -> tuple[Request, ...]:
    """Up to `per_view` requests for each view, given its URL patterns; views by regular expressions get none."""
    made = [tuple(islice(_for_view(routes, data), per_view)) for routes in routes_by_view]
    requests = [request for of_view in made for request in of_view]
    return tuple(sorted(requests, key=lambda request: request.method in _CHANGING))


def parameters(route: str) -> tuple[Parameter, ...]:
    """The parameters of a pattern as `path()` takes it, in order."""
    return tuple(
        Parameter(match["name"], match["converter"] or "str")
        for match in _PARAMETER.finditer(route)
    )


def _for_view(routes: tuple[str, ...], data: LiveData) -> Iterator[Request]:
    simple = [route for route in routes if not _REGEX_SIGNS.search(_PARAMETER.sub("", route))]
    for route in simple:
        existing = list(_existing(route, data))
        missing = _missing(route)
        for url in existing:
            yield from (Request("GET", url.path, user) for user in _visitors(url, data))
        if parameters(route):
            yield from (Request("GET", missing, user) for user in (None, *data.users[:1]))
        for url in existing[:1]:
            main = url.owner or next(iter(data.users), None)
            yield from (Request(method, url.path, main) for method in (*_READING, *_CHANGING))
            yield from (Request(method, url.path, None) for method in _CHANGING)


def _visitors(url: _Url, data: LiveData) -> tuple[str | None, ...]:
    """Nobody, the owner, and one user of each kind, which may be the owner again."""
    owners = (url.owner,) if url.owner else ()
    return tuple(dict.fromkeys((None, *owners, *data.users)))


def _existing(route: str, data: LiveData) -> Iterator[_Url]:
    wanted = parameters(route)
    if not wanted:
        yield _Url(f"/{route}")
        return
    for row in zip(*(data.values(route, parameter) for parameter in wanted), strict=False):
        texts = iter(value.text for value in row)
        owner = next((value.owner for value in reversed(row) if value.owner), None)
        yield _Url("/" + _PARAMETER.sub(lambda _: next(texts), route), owner)  # noqa: B023  # used at once


def _missing(route: str) -> str:
    return "/" + _PARAMETER.sub(
        lambda match: _MISSING.get(match["converter"] or "str", _MISSING_TEXT), route
    )

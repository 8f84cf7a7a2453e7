"""A rule of the linter: what it is called, where it holds, how it looks, and examples that are its tests and docs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from unblocker.records.places import Place
    from unblocker.survey.lint.async_code import AsyncCode
    from unblocker.survey.lint.setting import Setting

type Runtime = Literal["stock", "unblock"]

STOCK: frozenset[Runtime] = frozenset({"stock"})
BOTH: frozenset[Runtime] = frozenset({"stock", "unblock"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that a rule objects to."""

    place: Place
    text: str
    fix: str


@dataclass(frozen=True, slots=True)
class Example:
    """A module of an app.

    Attributes:
        code: its text, below the imports that all examples share.
        settings: lines at the end of the settings module.
    """

    code: str
    settings: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        code: stable, with a page in docs/codes.
        title: what it objects to, as in the table of rules.
        runtimes: under which it holds: stock Django, or the engine and ASGI application of django-unblock.
        check: what it finds in one async function.
        check_project: what it finds in the settings and the URLconf.
        invalid: modules with one finding each, of this rule.
        valid: modules without one; at least as many.
    """

    code: str
    title: str
    runtimes: frozenset[Runtime]
    invalid: tuple[Example, ...]
    valid: tuple[Example, ...]
    check: Callable[[AsyncCode], Iterator[Hit]] | None = None
    check_project: Callable[[Setting], Iterator[Hit]] | None = None

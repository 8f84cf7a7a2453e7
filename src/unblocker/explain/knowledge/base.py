"""What one file of knowledge says: how a mistake is recognised, why it is one, what to do, and examples of it."""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from unblocker.explain.case import Case
from unblocker.explain.spots import Spot
from unblocker.records.explanation import Fix

type Run = Literal["view", "page", "script", "test", "postgres"]


@dataclass(frozen=True, slots=True)
class Example:
    """A mistake that can be run, and what is to be said of the traceback that it gives.

    Attributes:
        name: unique in its entry; `python -m tools.tracebacks` records its traceback as
            `<entry>.<name>.txt`.
        code: the whole module in which the mistake is made.
        expression: what is named as the cause.
        fix: how the first fix with code in it reads.
        run: `view`: an asynchronous server calls `view`, and logs; `page`: the same, Django's debug page;
            `script`: `main()` is called; `test`: pytest runs it; `postgres`: `main(dsn)` is called.
    """

    name: str
    code: str
    expression: str
    fix: str
    run: Run = "view"


@dataclass(frozen=True, slots=True)
class Advice:
    """What is to be said of a case; `node` and `spot` where they are not those that the traceback points at."""

    why: str
    fixes: tuple[Fix, ...]
    node: ast.expr | None = None
    spot: Spot | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One mistake.

    Attributes:
        code: stable code with a docs page.
        recognise: whether a case is this mistake; entries are asked in the order of their codes.
    """

    code: str
    title: str
    recognise: Callable[[Case], bool]
    advise: Callable[[Case], Advice]
    examples: tuple[Example, ...]

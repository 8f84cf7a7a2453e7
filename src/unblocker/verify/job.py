"""What a run of verify is asked to do."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from unblocker.records.plan import Accepted


@dataclass(frozen=True, slots=True)
class Trees:
    """The project before and after, each a folder that holds manage.py; `settings` is a dotted module."""

    old: Path
    new: Path
    settings: str


@dataclass(frozen=True, slots=True)
class OperationToReach:
    """An operation of a view's old code that requests ought to reach: the lines where it stands, and what it is."""

    line: int
    end_line: int
    label: str


@dataclass(frozen=True, slots=True)
class Code:
    """A function that a view consists of; `before` and `after` are its qualified names in the old and the new file."""

    file: str
    before: str
    after: str
    operations: tuple[OperationToReach, ...] = ()


@dataclass(frozen=True, slots=True)
class ViewToVerify:
    """A view that a verdict is wanted for.

    Attributes:
        id: its `View.id`.
        routes: its URL patterns.
        accepted: what the plan announced of it.
        is_tried: requests to it are also made under other schedules, with faults, and by clients that leave.
        code: its functions, of which it is told what the requests reached.
    """

    id: str
    routes: tuple[str, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    is_tried: bool = False
    code: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard a view is tried.

    Attributes:
        schedules: how many each kind of request to it is made under; a kind is what it answers and which statements
            and calls it makes.
        faults: whether each of its operations is made to fail.
        departures: after how many of its operations, at most, the client leaves.
        seconds: when trials end, from the start of the run; None for never.
    """

    schedules: int = 0
    faults: bool = False
    departures: int = 0
    seconds: float | None = None


NONE = Effort()


@dataclass(frozen=True, slots=True)
class World:
    """What the project finds around it, the same on both sides.

    Attributes:
        environment: variables on top of this process's own.
        python: the interpreter of the project's environment.
        hosts: hosts outside loopback that may be called for real.
        started: the frozen clock's first reading; None for now, in whole seconds.
        step_s: how far the clock moves on from request to request.
        timeout_s: how long a request may take, in real seconds.
    """

    environment: Mapping[str, str] = field(default_factory=dict)
    python: str = sys.executable
    hosts: frozenset[str] = frozenset()
    started: datetime | None = None
    step_s: float = 1.0
    timeout_s: float = 30.0

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
class ViewToVerify:
    """A view that a verdict is wanted for: its `View.id`, its URL patterns, what the plan announced of it."""

    id: str
    routes: tuple[str, ...] = ()
    accepted: tuple[Accepted, ...] = ()


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

"""The requests that a proof makes: those of the configured traffic file, and of files named on the command line."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from unblocker.cli.workspace import Workspace
from unblocker.records.traffic import Traffic
from unblocker.traffic import load_traffic

type TrafficOf = Callable[[Workspace], Traffic]

_OPTIONS = (
    click.option(
        "--traffic",
        "files",
        metavar="FILE",
        multiple=True,
        type=click.Path(path_type=Path),
        help="Also make the requests of this file: JSON lines, HAR, an access log, a recording. May be repeated.",
    ),
    click.option(
        "--as",
        "user",
        metavar="USER",
        help="The user who makes those of HAR files and access logs; nobody is logged in without it.",
    ),
)


def traffic_of(
    workspace: Workspace, files: tuple[Path, ...] = (), user: str | None = None
) -> Traffic:
    """The requests of the project's own traffic file, if it has one, then those of the files.

    Raises:
        UnblockError: see `load_traffic`.
    """
    own = workspace.config.traffic
    read = [load_traffic(workspace.root / own)] if own else []
    read += [load_traffic(file, user) for file in files]
    return Traffic(
        tuple(request for one in read for request in one.requests),
        tuple(left_out for one in read for left_out in one.left_out),
    )


def traffic_options(command: Callable[..., None]) -> Callable[..., None]:
    """`--traffic` and `--as`; the command gets them as one `traffic_in`, a function of its workspace."""

    @wraps(command)
    def with_traffic(*, files: tuple[Path, ...], user: str | None, **others: Any) -> None:
        def traffic_in(workspace: Workspace) -> Traffic:
            return traffic_of(workspace, files, user)

        command(traffic_in=traffic_in, **others)

    wrapped: Callable[..., None] = with_traffic
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped

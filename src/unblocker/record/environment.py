"""The environment in which a command records itself: nothing in the project or its packages is changed for it."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from unblocker.record.agent import BODIES, FOLDER, ROOT

INJECTED = Path(__file__).parent / "injected"
"""Holds a `sitecustomize` and nothing else; Python imports it at its start, in child processes too."""


def recording_into(
    folder: Path, root: Path, environment: Mapping[str, str], *, bodies: bool
) -> dict[str, str]:
    """The environment, with the recorder writing into `folder` what the project at `root` does."""
    changed = {
        **environment,
        "PYTHONPATH": _before(INJECTED, environment.get("PYTHONPATH")),
        FOLDER: str(folder.resolve()),
        ROOT: str(root.resolve()),
    }
    if bodies:
        changed[BODIES] = "1"
    if sys.prefix != sys.base_prefix and "VIRTUAL_ENV" not in environment:
        # This command was run from a virtual environment that is not activated: the project's own.
        changed["PATH"] = _before(Path(sys.executable).parent, environment.get("PATH"))
    return changed


def _before(folder: Path, path: str | None) -> str:
    return f"{folder}{os.pathsep}{path}" if path else str(folder)

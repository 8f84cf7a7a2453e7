"""The outbound APIs of an app as a real HTTP server: an ASGI app of the project under uvicorn."""

import os
import sys
from pathlib import Path

from unblocker.services.ports import LOOPBACK
from unblocker.services.processes import Command


def command(target: str, tree: Path, port: int, delay_ms: float, log: Path) -> Command:
    """How to serve `target` (`module:attribute`, found from `tree`).

    The app is told by UPSTREAM_DELAY_MS how long, in milliseconds, each answer is to take.
    """
    return Command(
        "the upstream APIs",
        (
            *(sys.executable, "-m", "uvicorn", target, "--app-dir", str(tree)),
            *("--host", LOOPBACK, "--port", str(port)),
            *("--log-level", "warning", "--no-access-log", "--lifespan", "auto"),
        ),
        cwd=tree,
        log=log,
        port=port,
        env={**os.environ, "UPSTREAM_DELAY_MS": f"{delay_ms:g}"},
    )

"""`make chaos`, with some hundred requests."""

import subprocess
import sys
from pathlib import Path


def test_a_short_run() -> None:
    command = (sys.executable, "-m", "tools.chaos", "--short", "--seed", "1")
    root = Path(__file__).parents[2]
    done = subprocess.run(
        command, cwd=root, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "chaos took place" in done.stdout

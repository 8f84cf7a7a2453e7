"""Django's own tests on the event loop, the part that CI runs; `make django-suite` runs all."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(1200)
def test_djangos_tests_have_the_outcome_that_they_have_on_the_stock_backend():
    command = [sys.executable, "-m", "tools.django_suite", "--run=doubtful", "core"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-20_000:] + run.stderr[-5_000:]
    [ours] = [line for line in run.stdout.splitlines() if line.startswith("ours ")]
    assert int(ours.split()[1].replace(",", "").rstrip(":")) > 4000, ours

import os
from pathlib import Path

import pytest

from .conftest import PROJECT, run_survey


def test_two_runs_tell_the_same_byte_for_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python orders sets of texts anew in every process; nothing in the record may follow that."""
    told = []
    for seed in ("1", "2"):
        monkeypatch.setitem(os.environ, "PYTHONHASHSEED", seed)
        target = tmp_path / f"{seed}.json"
        assert run_survey(PROJECT, target).returncode == 0
        told.append(target.read_bytes())
    assert told[0] == told[1]

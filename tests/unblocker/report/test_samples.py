from dataclasses import replace

import pytest

from unblocker.errors import UnblockError
from unblocker.report.samples import read_samples

LINES = """\
{"start_s": 0.1, "ms": 12.5, "status": 200, "size": 10, "error": ""}
{"start_s": 0.2, "ms": 30.0, "status": 500, "size": 10, "error": ""}
{"start_s": 0.3, "ms": 14.5, "status": 302, "size": 10, "error": ""}
{"start_s": 0.4, "ms": 99.0, "status": 0, "size": 0, "error": "ConnectionError"}
"""


@pytest.fixture
def kept(measurement, tmp_path):
    (tmp_path / "a.jsonl").write_text(LINES)
    first, second, *_ = measurement.runs
    runs = (replace(first, samples="a.jsonl"), replace(second, samples="gone.jsonl"))
    return replace(measurement, runs=runs)


def test_successful_requests_count_and_missing_files_do_not(kept, tmp_path):
    (only,) = read_samples(kept, tmp_path)
    assert (only.run, only.milliseconds) == ("a.jsonl", (12.5, 14.5))


def test_something_else_is_refused(kept, tmp_path):
    (tmp_path / "a.jsonl").write_text('{"other": 1}\n')
    with pytest.raises(UnblockError, match="does not hold raw samples") as caught:
        read_samples(kept, tmp_path)
    assert caught.value.code == "U080"

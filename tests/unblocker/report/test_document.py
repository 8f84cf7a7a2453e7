import json
from dataclasses import replace

from unblocker.records.codec import from_json
from unblocker.records.report import Report
from unblocker.report.document import Document, document


def test_it_reads_back_whole_but_for_the_raw_samples(report):
    read = from_json(document(report), Document)
    assert read.report == replace(report, samples=())
    assert isinstance(read.report, Report)


def test_a_row_per_view_with_the_pages_figures(report):
    first, *_, last = json.loads(document(report))["views"]
    assert first == {
        "view": "catalog.views.overview",
        "verdict": "convert",
        "codes": ["U101"],
        "before_ms": 334.0,
        "after_ms": 118.0,
        "ratio": 334 / 118,
        "predicted_ratio": 1.6,
        "clients": 50,
        "throughput_ratio": (45000 / 118) / (4000 / 334),
        "proof": "same",
        "requests": 24,
        "differences": 0,
    }
    assert last["before_ms"] is None
    assert last["proof"] is None

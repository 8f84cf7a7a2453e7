from dataclasses import replace

from unblocker.report.caveats import caveats
from unblocker.report.page import render


def test_a_sound_run_has_none(measurement):
    assert caveats(measurement.runs) == ()


def test_each_weakness_is_told_with_its_run(measurement):
    weak = replace(measurement.runs[0], errors=3, settled=False, cold=1, client_cpu=0.97)
    told = caveats([weak])
    assert all(
        text.startswith("/overview/ on gunicorn-sync (before) with 1 client: ") for text in told
    )
    expected = ("3 errors", "latency is higher", "1 process of the server", "97%")
    assert [part in text for part, text in zip(expected, told, strict=True)] == [True] * 4


def test_the_page_tells_them(report, measurement):
    runs = tuple(replace(run, settled=False) for run in measurement.runs)
    assert "the true latency is higher" not in render(report)
    page = render(replace(report, measurement=replace(measurement, runs=runs)))
    assert page.count("the true latency is higher") == len(measurement.runs) + 2

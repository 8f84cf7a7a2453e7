import io
from dataclasses import replace

import pytest
from rich.console import Console

from unblocker.records.plan import Traffic
from unblocker.report.terminal import show_evidence, show_measurement, show_plan, show_report


def printed(width, show, record, **options):
    console = Console(file=io.StringIO(), width=width, **options)
    show(console, record)
    return console.file.getvalue()


SHOWN = [
    (show_plan, "plan"),
    (show_evidence, "differing"),
    (show_measurement, "measurement"),
    (show_report, "report"),
]


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize(("show", "record"), SHOWN)
def test_a_pipe_gets_plain_text_that_fits(width, show, record, request):
    text = printed(width, show, request.getfixturevalue(record))
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= width


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize(("show", "record"), SHOWN)
def test_every_view_of_the_project_has_a_row(width, show, record, request):
    text = printed(width, show, request.getfixturevalue(record))
    starts = [line.split(" ")[0].rpartition(".")[2] for line in text.splitlines()]
    for name in ("overview", "product_detail", "compare", "article"):
        assert name in starts


def test_verdicts_are_coloured_in_a_terminal(plan):
    assert "\x1b[32mconvert" in printed(
        100, show_plan, plan, force_terminal=True, color_system="standard"
    )


def row(text, name):
    return next(line.split() for line in text.splitlines() if line.startswith(f"{name} "))


def test_the_combined_row(report):
    text = printed(80, show_report, report)
    assert row(text, "overview") == [
        "overview", "convert", "U101", "334", "118", "2.8x", "1.6x", "31.8x", "24", "same",
    ]  # fmt: skip
    assert "0 differences in 52 requests" in text
    assert "Views converted: 3 of 4." in text
    assert "after conversion: 48 of 48 passed" in text


def test_a_wide_console_gets_the_reasons_text(report):
    assert "U201 one query: nothing to overlap & nothing to gain" in printed(
        200, show_report, report
    )


def test_a_plan_without_a_recording_says_that_it_assumes(plan):
    text = printed(200, show_plan, plan)
    assert row(text, "overview")[-3:] == ["320", "200", "1.6x"]
    assert "Latencies are assumed" in text
    assert "latencies" not in text


def test_a_plan_with_a_recording_shows_what_all_requests_would_gain(plan):
    requests = (1000, 0, 1, 8, 0, 0)
    seen = (
        replace(view, traffic=Traffic(number, 9.0))
        for view, number in zip(plan.views, requests, strict=True)
    )
    text = printed(200, show_plan, replace(plan, views=tuple(seen)))
    assert row(text, "overview")[-3:] == ["assumed", "1,000", "120"]
    assert row(text, "article")[-1] == "8"
    assert "Latencies are assumed" not in text
    assert text.index("overview") < text.index("compare") < text.index("product_detail")


def test_views_of_packages_share_a_row(plan):
    text = " ".join(printed(200, show_plan, plan).split())
    assert "(2 more views) leave U203" in text


def test_a_difference_is_shown_with_its_request(differing):
    text = printed(80, show_evidence, differing)
    assert "U701 catalog.views.overview: the body lost a line" in text
    assert "GET /overview/ as maria" in text
    assert '<p class="a">Tom & Jerry</p>' in text

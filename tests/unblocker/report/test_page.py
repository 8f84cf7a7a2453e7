from dataclasses import replace
from itertools import pairwise

import pytest

from tests.unblocker.report.html_tree import everything, parse
from unblocker.records.report import Report
from unblocker.report.diffs import file_diff
from unblocker.report.page import render

TIMES = "\N{MULTIPLICATION SIGN}"


@pytest.fixture(scope="module")
def page(report):
    return parse(render(report))


def section(page, view):
    return next(page.all("details", id=f"view-{view}"))


def test_every_view_has_one_row(page, report):
    rows = [
        node.attributes["data-view"] for node in page.all("tr") if "data-view" in node.attributes
    ]
    assert rows == [view.view for view in report.plan.views]


def test_a_row_has_the_figures(page):
    row = next(
        row for row in page.all("tr") if row.attributes.get("data-view") == "catalog.views.overview"
    )
    cells = {
        cell.attributes["data-label"]: cell.words
        for cell in row.all("td")
        if "data-label" in cell.attributes
    }
    assert cells == {
        "Verdict": "convert",
        "Reason": "U101 4 independent operations overlap",
        "Before": "334",
        "After": "118",
        "Ratio": f"2.8{TIMES}",
        "Predicted": f"1.6{TIMES}",
        "Throughput": f"31.8{TIMES}",
        "Proof": "24 same",
    }


def test_columns_that_no_stage_filled_are_left_out(report):
    planned = parse(render(replace(report, measurement=None, evidence=None)))
    table = next(planned.all("table", **{"class": "views"}))
    assert [heading.words for heading in next(table.all("tr")).all("th")] == [
        "View", "Verdict", "Reason", "Predicted",
    ]  # fmt: skip
    assert "Nothing was measured" in next(table.all("caption")).text


def test_a_view_left_alone_has_its_reason(page):
    row = next(
        row for row in page.all("tr") if row.attributes.get("data-view") == "catalog.views.article"
    )
    assert "U201 one query: nothing to overlap & nothing to gain" in row.words


def test_nothing_is_fetched(page):
    for node in everything(page):
        assert node.tag not in {"link", "img", "iframe", "object"}
        assert "src" not in node.attributes
        assert node.attributes.get("href", "#").startswith("#")
    style = next(page.all("style")).text
    assert "url(" not in style
    assert "@import" not in style
    policy = next(page.all("meta", **{"http-equiv": "Content-Security-Policy"}))
    assert policy.attributes["content"].startswith("default-src 'none'")


def test_every_link_has_its_target(page):
    targets = {node.attributes["id"] for node in everything(page) if "id" in node.attributes}
    links = {node.attributes["href"][1:] for node in page.all("a")}
    assert links
    assert links <= targets


def test_every_id_is_used_once(page):
    ids = [node.attributes["id"] for node in everything(page) if "id" in node.attributes]
    assert len(ids) == len(set(ids))


def test_every_diff_line_stands_as_it_is(page, report):
    shown = [
        (line.attributes["class"], next(line.all("td", **{"class": "text"})).text)
        for line in next(page.all("section", id="changes")).all("tr")
        if line.attributes.get("class") in {"gone", "new", "same"}
    ]
    wanted = [
        (line.kind, line.text)
        for change in report.changeset.files
        for line in file_diff(change).lines
        if line.kind != "hunk"
    ]
    assert shown == wanted
    assert any("<open> & 'new'" in text for _, text in shown)


def test_a_view_shows_only_its_own_change(page):
    texts = {
        cell.text
        for cell in section(page, "catalog.views.product_detail").all("td", **{"class": "text"})
    }
    assert "async def product_detail(request, product_id):" in texts
    assert not any("overview" in text for text in texts)


def test_the_waterfall_has_a_bar_per_measured_span(page, report):
    chart = section(page, "catalog.views.overview")
    bars = list(chart.all("g", **{"class": "bar"}))
    assert len(bars) == sum(len(timeline.spans) for timeline in report.measurement.timelines)
    assert "measured" in next(h4.text for h4 in chart.all("h4") if "I/O" in h4.text)


def test_without_a_trace_the_prediction_is_shown_as_such(page, report):
    chart = section(page, "prices.views.compare")
    prediction = next(v for v in report.plan.views if v.view == "prices.views.compare").prediction
    assert len(list(chart.all("g", **{"class": "bar"}))) == len(
        prediction.before + prediction.after
    )
    assert "as the plan predicts it" in chart.text


def test_the_slowing_down_is_said(page):
    said = next(page.all("p", **{"class": "delays"})).words
    assert "slowed down on purpose" in said
    for delay in ("20\xa0ms", "80\xa0ms", "30\xa0ms"):
        assert delay in next(page.all("p", **{"class": "delays"})).text


def test_the_rivals_are_shown_slowest_first(page):
    table = next(page.all("table", **{"class": "rivals"}))
    names = [next(row.all("th")).text.split()[0] for row in table.all("tr")][1:]
    assert names == ["gunicorn-sync", "gunicorn-gthread", "gunicorn-gevent", "uvicorn"]


def test_every_table_has_a_caption(page):
    tables = list(page.all("table"))
    assert tables
    assert all(next(table.all("caption")).words for table in tables)


def test_headings_do_not_skip_a_level(page):
    levels = [int(node.tag[1]) for node in everything(page) if node.tag in {"h1", "h2", "h3", "h4"}]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_both_plots_of_a_view_are_drawn_from_its_samples(page):
    plots = list(section(page, "catalog.views.overview").all("figure", **{"class": "distribution"}))
    assert len(plots) == 2
    assert all(
        "400 samples" in svg.attributes["aria-label"] for plot in plots for svg in plot.all("svg")
    )


def test_what_has_no_proof_is_said(page):
    limits = next(page.all("section", id="reading")).words
    assert "compare has no proof: not exercised." in limits


def test_a_difference_is_shown_escaped_with_its_request(report, differing):
    changed = parse(render(replace(report, evidence=differing)))
    shown = next(section(changed, "catalog.views.overview").all("div", **{"class": "difference"}))
    assert [pre.text for pre in shown.all("pre")] == ['<p class="a">Tom & Jerry</p>', "nothing"]
    assert "GET /overview/ as maria" in shown.words
    assert next(changed.all("li", **{"class": "bad"})).words.startswith("1 difference")


def test_a_code_links_to_what_the_docs_say(page):
    article = next(page.all("article", id="code-U101"))
    assert [h4.text for h4 in article.all("h4")] == ["What it is", "Why", "What to do"]


def test_markup_in_names_stays_text(report):
    odd = '<script>alert("x")</script>'
    assert odd not in render(replace(report, title=odd))


@pytest.mark.parametrize("kept", ["survey", "plan", "evidence", "measurement"])
def test_one_record_alone_is_enough(report, kept):
    page = parse(render(Report(report.title, report.made_at, **{kept: getattr(report, kept)})))
    assert next(page.all("tr", **{"data-view": "catalog.views.article"})) or next(page.all("tr"))
    text = next(page.all("section", id="reading")).words
    assert ("No measurement was run" in text) == (kept != "measurement")
    assert ("No comparison of old and new code was run" in text) == (kept != "evidence")


def test_the_same_records_give_the_same_page(report):
    assert render(report) == render(report)

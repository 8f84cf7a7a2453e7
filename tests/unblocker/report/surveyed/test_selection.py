from dataclasses import replace

import pytest

from unblocker.records.findings import Finding
from unblocker.records.places import Place
from unblocker.records.plan import Traffic
from unblocker.records.survey import Problem
from unblocker.report.surveyed.selection import Selection, select


def names(surveyed, **chosen):
    return [row.name for row in select(surveyed, Selection(**chosen)).rows]


def test_views_are_grouped_by_verdict_and_sorted_by_what_is_saved(surveyed):
    assert names(surveyed) == ["compare", "product_detail", "overview", "article", "index", "login"]


def test_by_name_and_by_route(surveyed):
    assert names(surveyed, sort="name", verdicts=("convert",)) == [
        "compare",
        "overview",
        "product_detail",
    ]
    assert names(surveyed, sort="route", verdicts=("convert",)) == [
        "overview",
        "compare",
        "product_detail",
    ]


def test_a_recording_ranks_by_what_all_requests_would_save(surveyed):
    often = {"catalog.views.overview": 100, "prices.views.compare": 1}
    views = tuple(
        replace(view, traffic=Traffic(often.get(view.view, 0), 50.0))
        for view in surveyed.plan.views
    )
    recorded = replace(surveyed, plan=replace(surveyed.plan, views=views))
    assert names(recorded, verdicts=("convert",)) == ["overview", "compare", "product_detail"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("overview", ["overview"]),
        ("views.overview", ["overview"]),
        ("*.views.*", ["compare", "product_detail", "overview", "article"]),
        ("product", ["product_detail"]),
        ("AdminSite.*", ["index", "login"]),
        ("over", []),
        ("verview", []),
    ],
)
def test_a_pattern_is_a_path_its_end_or_a_routes_name(surveyed, pattern, found):
    assert names(surveyed, views=(pattern,)) == found


def test_an_app_has_the_views_in_its_package(surveyed):
    assert names(surveyed, apps=("catalog",)) == ["product_detail", "overview", "article"]


def test_the_innermost_app_has_a_view(surveyed):
    project = replace(surveyed.survey.project, installed_apps=("catalog", "catalog.views"))
    nested = replace(surveyed, survey=replace(surveyed.survey, project=project))
    assert names(nested, apps=("catalog",)) == []
    assert len(names(nested, apps=("views",))) == 3


def test_findings_and_problems_go_with_their_files(surveyed):
    def finding(file):
        return Finding("U301", "…", Place(file, 1, 0, 1, 1), "…")

    survey = replace(
        surveyed.survey,
        findings=(finding("catalog/views.py"), finding("other.py")),
        problems=(Problem("U400", "…", Place("other.py", 1, 0, 1, 0)), Problem("U402", "…")),
    )
    with_findings = replace(surveyed, survey=survey)
    assert len(select(with_findings, Selection()).findings) == 2
    assert len(select(with_findings, Selection()).problems) == 2
    some = select(with_findings, Selection(views=("overview",)))
    assert [one.place.file for one in some.findings] == ["catalog/views.py"]
    assert some.problems == ()

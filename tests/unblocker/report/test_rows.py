from dataclasses import replace

from unblocker.report.rows import rows


def by_name(report):
    return {row.name: row for row in rows(report)}


def test_every_view_of_the_plan_has_a_row_in_its_order(report):
    assert [row.view for row in rows(report)] == [view.view for view in report.plan.views]


def test_what_changes_comes_first(report):
    first, *others, article, index, login = report.plan.views
    mixed = (article, first, index, replace(others[0], verdict="bridge"), *others[1:], login)
    shown = rows(replace(report, plan=replace(report.plan, views=mixed)))
    assert [row.name for row in shown] == [
        "overview", "compare", "product_detail", "article", "index", "login",
    ]  # fmt: skip


def test_a_row_joins_what_each_stage_says(report):
    row = by_name(report)["overview"]
    assert row.verdict == "convert"
    assert row.routes == ("overview/",)
    assert row.predicted_speedup == 320 / 200
    assert row.alone.speedup == 334 / 118
    assert row.crowd.clients == 50
    assert row.proof == "24 same"


def test_a_measurement_may_use_route_names_and_ids(report):
    found = by_name(report)
    assert found["compare"].measured_as == "compare"
    assert found["article"].measured_as == "catalog.views.article"


def test_what_is_only_measured_has_a_row_too(report):
    row = by_name(replace(report, survey=None, plan=None, evidence=None))["product_detail"]
    assert row.is_own
    assert row.verdict is None
    assert row.alone is not None


def test_a_view_left_alone_has_no_predicted_gain(report):
    assert by_name(report)["article"].predicted_speedup is None


def test_the_admin_is_not_the_projects_own(report):
    for without in (report, replace(report, survey=None)):
        assert [row.name for row in rows(without) if not row.is_own] == ["index", "login"]


def test_differences_are_counted(report, differing):
    found = by_name(replace(report, evidence=differing))
    assert found["overview"].proof == "1 differs"
    assert found["compare"].proof == "not exercised"

from dataclasses import replace
from pathlib import Path

import pytest

from unblocker.records.findings import Finding
from unblocker.records.places import Place
from unblocker.records.survey import Problem
from unblocker.report.surveyed.github import annotations
from unblocker.report.surveyed.selection import Selection, select


def lines(surveyed, checkout="/srv/shop", **selection):
    return annotations(select(surveyed, Selection(**selection)), Path(checkout)).splitlines()


def with_survey(surveyed, **changes):
    return replace(surveyed, survey=replace(surveyed.survey, **changes))


def test_a_view_to_convert_is_a_warning_at_its_reason(surveyed):
    assert lines(surveyed, views=("overview",))[0] == (
        "::warning title=U101,file=catalog/views.py,line=9::"
        "catalog.views.overview: convert: 4 independent operations overlap (320 → 200 ms)"
    )


def test_a_view_that_is_left_is_not_told(surveyed):
    assert not [line for line in lines(surveyed) if "leave" in line]


def test_files_are_relative_to_the_checkout(surveyed):
    assert "file=shop/catalog/views.py," in lines(surveyed, "/srv")[0]
    assert "file=/srv/shop/catalog/views.py," in lines(surveyed, "/elsewhere")[0]


def test_a_problem_is_a_notice_and_comes_last(surveyed):
    assert lines(surveyed)[-1] == "::notice title=U402::the template old.html is missing"


@pytest.mark.parametrize(
    ("text", "told"),
    [("100% of it", "100%25 of it"), ("two\nlines", "two%0Alines"), ("a: b, c", "a: b, c")],
)
def test_text_is_escaped(surveyed, text, told):
    odd = with_survey(surveyed, problems=(Problem("U402", text),))
    assert f"::notice title=U402::{told}" in lines(odd)


def test_a_files_name_is_escaped(surveyed):
    odd = Finding("U301", "it blocks", Place("a,b:c.py", 3, 0, 3, 1), "await it")
    assert lines(with_survey(surveyed, findings=(odd,)))[0] == (
        "::warning title=U301,file=a%2Cb%3Ac.py,line=3::it blocks: await it"
    )


def test_nothing_to_tell_is_no_line(surveyed):
    assert lines(surveyed, verdicts=("bridge",)) == []

from dataclasses import replace

from unblocker.records.evidence import Coverage, Reach
from unblocker.report.coverage import coverage_told, reach_told, reached_told

FULL = Reach(2, 2, 2, 2)
PART = Reach(16, 14, 6, 5, ("views.py:88-89 (except Http404)",))


def test_numbers_and_places_are_told():
    assert reach_told(Reach(1, 0)) == "0 of 1 line"
    assert reached_told(FULL) == "2 of 2 lines, 2 of 2 branches"
    assert reached_told(PART) == (
        "14 of 16 lines, 5 of 6 branches; not reached: views.py:88-89 (except Http404)"
    )


def test_many_places_are_cut_short():
    told = reached_told(Reach(20, 0, missed=tuple(f"views.py:{line}" for line in range(20))))
    assert told.endswith("views.py:7, and 12 more")


def test_views_with_something_missing_have_lines_behind_the_sum(evidence):
    first, second, *others = evidence.views
    views = (
        replace(first, coverage=Coverage(PART, FULL)),
        replace(second, coverage=Coverage(FULL, FULL)),
        *others,
    )
    assert list(coverage_told(replace(evidence, views=views))) == [
        "Reached of the converted code: 16 of 18 lines, 7 of 8 branches.",
        f"{first.view}: {reached_told(PART)}",
    ]


def test_nothing_is_told_without_coverage(evidence):
    assert list(coverage_told(evidence)) == []

from tools.survey_accuracy import report
from tools.survey_accuracy.projects import PROJECTS
from tools.survey_accuracy.score import Comparison, Score, Tally


def measured(operations: Tally, views: int = 40) -> report.Measured:
    return [(project, Comparison(Score(operations), (), views, 0)) for project in PROJECTS[:4]]


def test_nothing_is_missed_where_all_figures_are_met() -> None:
    assert report.missed(measured(Tally(right=98, invented=1, missed=1))) == []


def test_each_figure_that_is_missed_is_told() -> None:
    assert report.missed(measured(Tally(right=9, invented=1, missed=1), views=3)) == [
        "Missed: precision of operations 0.9, at least 0.98",
        "Missed: recall of operations 0.9, at least 0.97",
        "Missed: views 12, at least 150",
    ]


def test_a_row_for_each_project_and_one_for_all() -> None:
    told = report.lines(measured(Tally(right=3, invented=1)))
    assert told[1].split()[:6] == ["punkweb-bb", "0.5.2", "40", "3", "0.750", "/"]
    assert told[-1].split()[:3] == ["all", "160", "12"]

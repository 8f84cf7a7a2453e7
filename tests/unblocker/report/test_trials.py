from dataclasses import replace

from unblocker.records.evidence import Trials
from unblocker.report.trials import told, trials_told


def test_each_kind_is_told_where_there_was_any():
    assert told(Trials(1, 1, 1)) == (
        "in 1 order of completion, with 1 operation failing, with 1 client leaving before the end"
    )
    assert told(Trials(schedules=1200, departures=2)) == (
        "in 1,200 orders of completion, with 2 clients leaving before the end"
    )


def test_an_evidence_sums_its_views(evidence):
    first, second, *others = evidence.views
    views = (
        replace(first, trials=Trials(10, 4, 2)),
        replace(second, trials=Trials(10, 0, 1, cut_short=True)),
        *others,
    )
    tried = replace(evidence, views=views)
    assert tried.trials == Trials(20, 4, 3, cut_short=True)
    assert list(trials_told(tried)) == [
        (
            "Made again, from the same state: in 20 orders of completion, with 4 operations failing, "
            "with 3 clients leaving before the end."
        ),
        "The time allowed was over before all trials were made.",
    ]


def test_nothing_is_told_of_no_trials(evidence):
    assert list(trials_told(evidence)) == []

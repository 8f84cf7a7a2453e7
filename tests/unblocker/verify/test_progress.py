"""What a run tells while it lasts."""

import pytest

from unblocker.verify import run


def test_the_trial_under_way_stands_behind_what_was_compared(monkeypatch):
    monkeypatch.setattr(run, "PROGRESS_SECONDS", 0)
    told: list[str] = []
    paced = run.Paced(told.append)
    paced.say("views.a: trial 1 of 9")
    paced.compared("1 of 2 requests compared, 0 views differ", is_last=False)
    paced.say("views.b: trial 2 of 9")
    assert told == [
        "no request compared yet; views.a: trial 1 of 9",
        "1 of 2 requests compared, 0 views differ",
        "1 of 2 requests compared, 0 views differ; views.b: trial 2 of 9",
    ]


@pytest.mark.parametrize(("is_last", "lines"), [(True, 1), (False, 0)])
def test_within_a_second_only_the_last_is_told(monkeypatch, is_last, lines):
    monkeypatch.setattr(run, "PROGRESS_SECONDS", 3600)
    told: list[str] = []
    paced = run.Paced(told.append)
    paced.say("views.a: trial 1 of 9")
    paced.compared("2 of 2 requests compared, 0 views differ", is_last=is_last)
    assert len(told) == lines

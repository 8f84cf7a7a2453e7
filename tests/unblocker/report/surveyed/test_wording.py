from collections import Counter
from typing import get_args

import pytest

from unblocker.records.plan import Prediction, Span, ViewPlan
from unblocker.records.survey import OperationKind
from unblocker.report.surveyed.reached import Tally
from unblocker.report.surveyed.wording import does, gain, predicted


def planned(before, after, verdict="convert"):
    spans = [(Span("A.count", "query", 0.0, end),) if end else () for end in (before, after)]
    return ViewPlan("view", verdict, (), Prediction(*spans))


@pytest.mark.parametrize("kind", get_args(OperationKind.__value__))
def test_every_kind_has_a_noun(kind):
    assert does(Tally(Counter({kind: 1}))).startswith("1 ")


def test_queries_come_first_and_loops_are_told():
    total = Counter({"template": 1, "http": 2, "query": 4})
    assert does(Tally(total, Counter({"http": 2, "query": 1}))) == (
        "4 queries (1 in a loop), 2 HTTP calls (in a loop), 1 template"
    )


def test_what_is_fetched_per_row_is_named():
    tally = Tally(Counter({"query": 2}), Counter({"query": 1}))
    assert does(tally, ["Order.customer"]).endswith(", N+1: Order.customer")


def test_many_names_are_cut():
    told = does(Tally(), ["a", "b", "c", "a", "d", "e"])
    assert told == "N+1: a, b, c and 2 more"


def test_nothing_is_told_as_nothing():
    assert does(Tally()) == ""


@pytest.mark.parametrize(
    ("plan", "texts"),
    [
        (planned(420, 130), ("420 → 130 ms", "3.2x")),
        (planned(110, 110), ("110 ms", "")),
        (planned(0, 0), ("", "")),
        (planned(15, 15, "leave"), ("15 ms", "")),
        (planned(200, 0), ("200 → 0 ms", "")),
    ],
)
def test_a_gain_is_told_where_there_is_one(plan, texts):
    assert (predicted(plan), gain(plan)) == texts

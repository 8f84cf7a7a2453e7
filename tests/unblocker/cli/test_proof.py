"""When a run of verify compared nothing."""

import pytest

from unblocker.cli.proof import nothing_compared
from unblocker.records.evidence import NO_VIEW, Evidence, Exclusion, ViewEvidence
from unblocker.records.traffic import Request

HUNG = Exclusion("no answer", Request("GET", "/"), "it hung")


def evidence(*views: ViewEvidence) -> Evidence:
    return Evidence(views, len(views), (), 0, 0.0, "")


@pytest.mark.parametrize(
    "view",
    [
        ViewEvidence("notes.index", "not exercised"),
        ViewEvidence("notes.index", "not exercised", exclusions=(HUNG,)),
        ViewEvidence(NO_VIEW, "same", requests=3),
    ],
)
def test_no_request_to_a_view_is_nothing_compared(view):
    assert not evidence(view).has_compared


@pytest.mark.parametrize("verdict", ["same", "differs"])
def test_one_request_to_a_view_is_something(verdict):
    silent = ViewEvidence("notes.index", "not exercised")
    assert evidence(silent, ViewEvidence("notes.show", verdict, requests=1)).has_compared


def test_the_reasons_are_told():
    error = nothing_compared(
        evidence(ViewEvidence("notes.index", "not exercised", exclusions=(HUNG,)))
    )
    assert error.code == "U066"
    assert error.text == "nothing could be compared: no request to any view counts (no answer)"

"""What a demo fails on, each by its name."""

from dataclasses import replace

from unblocker.cli.verdict import failures_of
from unblocker.records.changeset import Changeset
from unblocker.records.evidence import Difference, Evidence, ViewEvidence
from unblocker.records.measurement import Delays, LogFindings, Machine, Measurement, Run
from unblocker.records.report import Report, SuiteRun
from unblocker.records.traffic import Request

EMPTY = Report("notebook", "today")
DIFFERENCE = Difference("U701", "status", "200 became 500", Request("GET", "/"), "200", "500")
RUN = Run("index", "GET", "/", "uvicorn", "after", 50, 100, 1.0, 100.0, None, 0, {"200": 100}, "")
OLD_RUN = replace(RUN, server="gunicorn-sync", side="before")


def proven(*views, converted=("notes.index",)):
    changeset = Changeset("/", (), converted)
    evidence = Evidence(views, len(views), (), 0, 0.0, "")
    return replace(EMPTY, changeset=changeset, evidence=evidence)


def measured(*runs, logs=()):
    machine, delays = Machine(2, "", "", ""), Delays(0, 0, 0)
    return replace(EMPTY, measurement=Measurement(machine, delays, "/", (), runs, (), logs))


def test_what_was_not_run_does_not_fail():
    assert failures_of(EMPTY) == ()


def test_all_is_well():
    report = proven(ViewEvidence("notes.index", "same"), ViewEvidence("notes.old", "not exercised"))
    measurement = measured(OLD_RUN, RUN, logs=(LogFindings("uvicorn", "after", 0, 2, (), "x.log"),))
    suites = (SuiteRun("before", 40, 0, 1.0), SuiteRun("after", 40, 0, 1.0))
    report = replace(report, measurement=measurement.measurement, suites=suites)
    assert failures_of(report) == ()


def test_a_failed_suite():
    suites = (SuiteRun("before", 40, 0, 1.0), SuiteRun("after", 40, 3, 1.0))
    assert failures_of(replace(EMPTY, suites=suites)) == (
        "3 of the project's 40 tests fail after converting",
    )


def test_a_view_that_differs_converted_or_not():
    differs = ViewEvidence("notes.old", "differs", differences=(DIFFERENCE,))
    report = proven(ViewEvidence("notes.index", "same"), differs)
    assert failures_of(report) == ("notes.old: 1 difference",)


def test_a_converted_view_of_which_nothing_is_known():
    for verdict in ("not exercised", "not deterministic"):
        report = proven(ViewEvidence("notes.index", verdict), ViewEvidence("notes.old", verdict))
        assert failures_of(report) == (f"notes.index is converted, but not proven: {verdict}",)
    assert failures_of(proven()) == ("notes.index is converted, but not proven: not exercised",)


def test_a_server_that_logged_what_async_django_is_feared_for():
    log = LogFindings("uvicorn", "after", 2, 2, ("SynchronousOnlyOperation",), "logs/after.log")
    assert failures_of(measured(logs=(log,))) == (
        "uvicorn (after) logged SynchronousOnlyOperation 2 times: logs/after.log",
    )


def test_requests_that_fail_since_the_conversion():
    failed = replace(RUN, errors=7, error_examples=("status 500",))
    assert failures_of(measured(OLD_RUN, failed)) == (
        "GET / at 50 clients on uvicorn: 7 of 100 requests failed: status 500",
    )


def test_requests_that_failed_before_too():
    assert failures_of(measured(replace(OLD_RUN, errors=1), replace(RUN, errors=7))) == ()
    assert failures_of(measured(replace(OLD_RUN, clients=1), replace(RUN, errors=7))) == ()

"""Each check of `make chaos` on made-up runs: a good one passes, and each thing that is wrong is named."""

from dataclasses import replace

import pytest

from tools.chaos import checks
from tools.chaos.records import (
    Answer,
    Ask,
    Booked,
    Books,
    Fault,
    Move,
    Outcome,
    PhaseTime,
    Rest,
    Run,
    Shutdown,
)

MOVE = Move(source=1, target=2, amount=30)
PAGE = Ask("1", "page", "/page/1/", {"token": "1", "owners": ["a", "b"]})
TRANSFER = Ask("2", "transfer", "/transfer/2/", {"token": "2"}, move=MOVE)
REFUSAL = Ask("3", "transfer", "/transfer/3/?refuse", {"token": "3"}, move=MOVE, refused=True)
JOB = Ask("4", "job", "/job/4/", {"token": "4"}, job=True)
REFUSED = {"error": ["RefusedError", "Exception"], "message": "3"}
LOST = {"error": ["OperationalError", "DatabaseError"], "message": "terminating connection"}
KILL = Fault("kill", 10.0, 10.1, backends=1)
RESTART = Fault("restart", 50.0, 51.0)


def answered(ask: Ask, *, at: float = 0.0, status: int = 200, body: object = None) -> Answer:
    said = ask.expected if body is None else body
    return Answer(ask, "calm", Outcome.ANSWERED, at, at + 0.1, status, ask.token, said)


def ended(ask: Ask, outcome: Outcome, *, at: float = 0.0) -> Answer:
    return Answer(ask, "calm", outcome, at, at + 0.1)


GOOD = Run(
    answers=(
        answered(PAGE),
        answered(TRANSFER),
        answered(REFUSAL, status=500, body=REFUSED),
        answered(JOB),
        answered(PAGE, at=10.0, status=500, body=LOST),
        ended(PAGE, Outcome.CUT, at=50.5),
        ended(PAGE, Outcome.DROPPED, at=5.0),
    ),
    faults=(KILL, RESTART),
    phases=(PhaseTime("calm", 3.0, 10.0),),
    rests=(Rest("calm", ("idle", "idle"), lent=0, waiting=0, pool_size=2),),
    books=Books(100, {1: 70, 2: 130, 3: 100}, (Booked("2", MOVE),), ()),
    shutdown=Shutdown(1, 2.0, 10.0, status=143, backends=0, unfinished=("4",)),
    wanted={
        "requests dropped": 1,
        "connections ended": 1,
        "restarts": 1,
        "jobs pending at SIGTERM": 1,
    },
)


def with_answer(answer: Answer) -> Run:
    return replace(GOOD, answers=(*GOOD.answers, answer))


def with_rest(**changes: object) -> Run:
    return replace(GOOD, rests=(replace(GOOD.rests[0], **changes),))


def with_books(**changes: object) -> Run:
    return replace(GOOD, books=replace(GOOD.books, **changes))


def with_shutdown(**changes: object) -> Run:
    return replace(GOOD, shutdown=replace(GOOD.shutdown, **changes))


@pytest.mark.parametrize("check", checks.CHECKS)
def test_a_good_run_passes(check: checks.Check) -> None:
    assert list(check(GOOD)) == []


BAD = {
    "nobody dropped": (
        checks.chaos_took_place,
        replace(GOOD, answers=(answered(PAGE),)),
        "0 requests dropped, at least 1",
    ),
    "nothing was broken": (
        checks.chaos_took_place,
        replace(GOOD, faults=(RESTART,)),
        "0 connections ended",
    ),
    "no restart": (checks.chaos_took_place, replace(GOOD, faults=(KILL,)), "0 restarts"),
    "no job was pending": (checks.chaos_took_place, with_shutdown(pending=0), "0 jobs pending"),
    "a phase too long": (
        checks.nothing_hangs,
        replace(GOOD, phases=(PhaseTime("calm", 11.0, 10.0),)),
        "phase calm took 11 s of 10 s",
    ),
    "a client waits in vain": (
        checks.nothing_hangs,
        with_answer(Answer(PAGE, "calm", Outcome.SILENT, 0.0, 20.0)),
        "page 1 (calm) got no answer in 20 s",
    ),
    "another's header": (
        checks.answers_are_right,
        with_answer(replace(answered(PAGE), token="2")),
        "got the header of 2",
    ),
    "no header": (
        checks.answers_are_right,
        with_answer(replace(answered(PAGE), token="")),
        "got the header of nobody",
    ),
    "another's body": (
        checks.answers_are_right,
        with_answer(answered(PAGE, body={"token": "2", "owners": ["a", "b"]})),
        "'token': '2'",
    ),
    "another's rows": (
        checks.answers_are_right,
        with_answer(answered(PAGE, body={"token": "1", "owners": ["b", "a"]})),
        "['b', 'a']",
    ),
    "another's rows near a fault": (
        checks.answers_are_right,
        with_answer(answered(PAGE, at=10.0, body={"token": "1", "owners": ["x"]})),
        "['x']",
    ),
    "half a body": (
        checks.answers_are_right,
        with_answer(answered(PAGE, body='["1", "a"')),
        'got \'["1", "a"\'',
    ),
    "a refused request is answered": (
        checks.answers_are_right,
        with_answer(answered(REFUSAL)),
        "was to be refused and got 200",
    ),
    "a status that no view gives": (
        checks.answers_are_right,
        with_answer(answered(PAGE, status=404, body="Not Found")),
        "got status 404",
    ),
    "an error with no fault": (
        checks.errors_are_explained,
        with_answer(answered(PAGE, at=8.0, status=500, body=LOST)),
        "with no fault near",
    ),
    "an error long after a fault": (
        checks.errors_are_explained,
        with_answer(answered(PAGE, at=12.0, status=500, body=LOST)),
        "with no fault near",
    ),
    "an error of another kind near a fault": (
        checks.errors_are_explained,
        with_answer(answered(PAGE, at=10.0, status=500, body={"error": ["KeyError"]})),
        "failed with no database error",
    ),
    "an error without a word near a fault": (
        checks.errors_are_explained,
        with_answer(answered(PAGE, at=10.0, status=500, body="Server Error")),
        "failed with no database error",
    ),
    "a refused request fails otherwise": (
        checks.errors_are_explained,
        with_answer(answered(REFUSAL, status=500, body={"error": ["OwnershipError"]})),
        "failed with no database error",
    ),
    "a cut answer with no fault": (
        checks.errors_are_explained,
        with_answer(ended(PAGE, Outcome.CUT, at=30.0)),
        "ended cut",
    ),
    "a server that is away": (
        checks.errors_are_explained,
        with_answer(ended(PAGE, Outcome.REFUSED, at=30.0)),
        "ended refused",
    ),
    "one kill fails two": (
        checks.kills_fail_one_request_each,
        with_answer(answered(TRANSFER, at=10.0, status=500, body=LOST)),
        "2 requests failed where 1 connections were ended",
    ),
    "half a transfer": (
        checks.books_balance,
        with_books(balances={1: 70, 2: 100, 3: 100}),
        "account 2 has 100, its transfers say 130",
    ),
    "money from nowhere": (
        checks.books_balance,
        with_books(balances={1: 70, 2: 130, 3: 101}),
        "account 3 has 101",
    ),
    "confirmed and not there": (
        checks.answers_are_in_the_books,
        with_books(booked=()),
        "transfer 2 (calm) was confirmed and is not committed",
    ),
    "there twice": (
        checks.answers_are_in_the_books,
        with_books(booked=(Booked("2", MOVE), Booked("2", MOVE))),
        "transfer 2 is there 2 times",
    ),
    "there with another amount": (
        checks.answers_are_in_the_books,
        with_books(booked=(Booked("2", Move(1, 2, 31)),)),
        "is committed as",
    ),
    "refused and there": (
        checks.answers_are_in_the_books,
        with_books(booked=(Booked("2", MOVE), Booked("3", MOVE))),
        "transfer 3 (calm) was refused and is committed",
    ),
    "an open transaction": (
        checks.connections_are_back,
        with_rest(backends=("idle", "idle in transaction")),
        "sessions are idle in transaction",
    ),
    "a query still running": (
        checks.connections_are_back,
        with_rest(backends=("active",)),
        "sessions are active",
    ),
    "more sessions than the pool has": (
        checks.connections_are_back,
        with_rest(backends=("idle",) * 3),
        "there are 3 sessions, the pool has 2",
    ),
    "a connection not given back": (
        checks.connections_are_back,
        with_rest(lent=1),
        "1 connections are lent",
    ),
    "somebody waits for nothing": (
        checks.connections_are_back,
        with_rest(waiting=1),
        "1 borrowers wait",
    ),
    "a lost job": (
        checks.no_job_is_lost,
        with_shutdown(unfinished=()),
        "job 4 is neither done nor named",
    ),
    "a job done twice": (
        checks.no_job_is_lost,
        with_books(jobs_done=("4", "4")),
        "job 4 was done 2 times",
    ),
    "a server never stopped": (
        checks.shutdown_is_orderly,
        replace(GOOD, shutdown=None),
        "was not shut down",
    ),
    "a server that does not end": (
        checks.shutdown_is_orderly,
        with_shutdown(status=None, seconds=30.0),
        "had to be killed after 30 s",
    ),
    "a server that crashes": (
        checks.shutdown_is_orderly,
        with_shutdown(status=139),
        "ended with status 139",
    ),
    "a server that takes its time": (
        checks.shutdown_is_orderly,
        with_shutdown(seconds=11.0),
        "took 11.0 s of 10.0 s",
    ),
    "a session left behind": (
        checks.shutdown_is_orderly,
        with_shutdown(backends=1),
        "left 1 database sessions",
    ),
    "an error nobody saw": (
        checks.log_is_clean,
        replace(GOOD, complaints=("Task exception was never retrieved",)),
        "never retrieved",
    ),
}


@pytest.mark.parametrize(("check", "run", "named"), BAD.values(), ids=BAD.keys())
def test_what_is_wrong_is_named(check: checks.Check, run: Run, named: str) -> None:
    found = list(check(run))
    assert len(found) == 1
    assert named in found[0]


def test_every_check_has_a_bad_run() -> None:
    assert {check for check, _, _ in BAD.values()} == set(checks.CHECKS)


RIGHT_ALL_THE_SAME = {
    "a job done and named, as one cancelled at its end is": with_books(jobs_done=("4",)),
    "an answer lost after the commit": replace(
        GOOD,
        answers=tuple(
            replace(answer, outcome=Outcome.DROPPED, status=0, body=None)
            if answer.ask is TRANSFER
            else answer
            for answer in GOOD.answers
        ),
    ),
    "a transfer whose COMMIT was cut off": with_answer(
        answered(TRANSFER, at=51.0, status=500, body=LOST)
    ),
    "a request that began before its fault": with_answer(
        replace(answered(PAGE, at=49.0, status=500, body=LOST), ended=50.5)
    ),
}


@pytest.mark.parametrize("run", RIGHT_ALL_THE_SAME.values(), ids=RIGHT_ALL_THE_SAME.keys())
def test_what_a_fault_explains_is_no_violation(run: Run) -> None:
    assert [found for check in checks.CHECKS for found in check(run)] == []

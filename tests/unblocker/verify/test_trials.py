"""Which trials a request is put to."""

from unblocker.verify.compare import Seen
from unblocker.verify.job import NONE, Effort
from unblocker.verify.outbound import Call
from unblocker.verify.protocol import Fault, Mail, Observation, Statement, Trial
from unblocker.verify.trials import kind_of, told_of, trials_of

COUNT = Statement("default", "SELECT COUNT(*) FROM book", "()", atomic=False)
INSERT = Statement("default", "INSERT INTO entry VALUES (%s)", "(1,)", atomic=False)
CALL = Call("GET", "http://prices/1", (), b"")
ALL = Effort(schedules=3, faults=True, departures=2)


def seen(*statements: Statement, calls: tuple[Call, ...] = (), **more: object) -> Seen:
    return Seen(Observation(200, statements=statements, **more), calls)  # type: ignore[arg-type]


def trials(old: Seen, new: Seen, effort: Effort, *, mail_counts: bool = True) -> list[Trial]:
    return list(trials_of(old, new, effort, mail_counts=mail_counts))


def test_no_effort_no_trial() -> None:
    both = seen(COUNT, INSERT, calls=(CALL,), mails=(Mail(()),), completed=9)
    assert trials(both, both, NONE) == []


def test_one_operation_has_no_order() -> None:
    both = seen(COUNT)
    assert trials(both, both, Effort(schedules=3)) == []


def test_two_operations_have() -> None:
    both = seen(COUNT, calls=(CALL,))
    assert trials(both, both, Effort(schedules=3)) == [Trial(seed=seed) for seed in range(3)]


def test_each_of_two_operations_that_are_alike_fails_once_in_each_way() -> None:
    both = seen(COUNT, COUNT)
    faults = [trial.fault for trial in trials(both, both, Effort(faults=True)) if trial.fault]
    assert len(faults) == 4
    assert {(fault.kind, fault.occurrence) for fault in faults} == {
        ("database error", 0),
        ("database error", 1),
        ("lost connection", 0),
        ("lost connection", 1),
    }


def test_a_mail_that_holds_no_response_is_not_made_to_fail() -> None:
    both = seen(mails=(Mail(()),))
    assert trials(both, both, Effort(faults=True)) == [Trial(fault=Fault("mail"))]
    assert trials(both, both, Effort(faults=True), mail_counts=False) == []


def test_clients_leave_at_even_distances() -> None:
    both = seen(completed=10)
    left = trials(both, both, Effort(departures=3))
    assert left == [Trial(seed=0, leaves_after=after) for after in (1, 5, 9)]


def test_kinds_differ_by_what_is_done_not_by_its_parameters() -> None:
    other = Statement("default", INSERT.sql, "(2,)", atomic=False)
    assert kind_of(seen(INSERT)) == kind_of(seen(other))
    assert kind_of(seen(INSERT)) != kind_of(seen(INSERT, COUNT))
    assert kind_of(seen(INSERT)) != kind_of(seen(INSERT, calls=(CALL,)))


def test_a_trial_is_told() -> None:
    assert told_of(Trial()) == ""
    assert told_of(Trial(seed=7)) == "under schedule 7"
    assert (
        told_of(Trial(seed=0, leaves_after=2)) == "the client leaves after 2 completed operations"
    )
    assert told_of(Trial(fault=Fault("mail"))) == "a mail fails"
    fault = Fault("database error", "SELECT 1", 1)
    told = told_of(Trial(fault=fault))
    assert told == "database error at SELECT 1 (number 2 of those alike)"

"""What must hold whatever was broken: each check reads a run's records and names every violation."""

from collections import Counter
from collections.abc import Callable, Iterator

from tools.chaos.records import Answer, Fault, Outcome, Run

# Clients hear of a fault a moment after it; a restarted server is asked again within this.
AFTERMATH_S = {"kill": 0.5, "restart": 3.0}


def chaos_took_place(run: Run) -> Iterator[str]:
    """What was to be broken was: without this, a run in which nothing happens would pass."""
    counted = {
        "requests dropped": sum(answer.outcome is Outcome.DROPPED for answer in run.answers),
        "connections ended": sum(fault.backends for fault in run.faults),
        "restarts": sum(fault.kind == "restart" for fault in run.faults),
        "jobs pending at SIGTERM": run.shutdown.pending if run.shutdown is not None else 0,
    }
    for what, count in counted.items():
        if count < run.wanted.get(what, 0):
            yield f"{count} {what}, at least {run.wanted[what]} were wanted"


def nothing_hangs(run: Run) -> Iterator[str]:
    """Every phase ended in its time, and every client that waited got an answer."""
    for phase in run.phases:
        if phase.seconds > phase.limit:
            yield f"phase {phase.phase} took {phase.seconds:.0f} s of {phase.limit:.0f} s"
    for answer in run.answers:
        if answer.outcome is Outcome.SILENT:
            yield f"{_named(answer)} got no answer in {answer.ended - answer.began:.0f} s"


def answers_are_right(run: Run) -> Iterator[str]:
    """Each answer is the one of its own request: its token, its user, its rows."""
    for answer in run.answers:
        if answer.outcome is not Outcome.ANSWERED:
            continue
        if answer.token != answer.ask.token:
            yield f"{_named(answer)} got the header of {answer.token or 'nobody'}"
        if answer.status == 200 and answer.body != answer.ask.expected:
            yield f"{_named(answer)} got {answer.body!r}, not {answer.ask.expected!r}"
        if answer.status == 200 and answer.ask.refused:
            yield f"{_named(answer)} was to be refused and got 200"
        if answer.status not in (200, 500):
            yield f"{_named(answer)} got status {answer.status}: {answer.body!r}"


def errors_are_explained(run: Run) -> Iterator[str]:
    """A failed request is one of those made to fail, or met a fault and says a database error."""
    for answer in run.answers:
        if answer.outcome in (Outcome.DROPPED, Outcome.SILENT) or _is_as_asked(answer):
            continue
        if answer.outcome is Outcome.ANSWERED and not _is_database_error(answer):
            yield f"{_named(answer)} failed with no database error: {answer.body!r}"
        elif not _met(answer, run.faults):
            yield f"{_named(answer)} ended {answer.outcome} {answer.status} with no fault near: {answer.body!r}"


def kills_fail_one_request_each(run: Run) -> Iterator[str]:
    """Outside of a restart no more requests fail than database connections were ended."""
    restarts = [fault for fault in run.faults if fault.kind == "restart"]
    failed = [
        answer
        for answer in run.answers
        if answer.outcome in (Outcome.ANSWERED, Outcome.CUT)
        and not _is_as_asked(answer)
        and not _met(answer, restarts)
    ]
    ended = sum(fault.backends for fault in run.faults if fault.kind == "kill")
    if len(failed) > ended:
        yield f"{len(failed)} requests failed where {ended} connections were ended"


def books_balance(run: Run) -> Iterator[str]:
    """Each account has what it began with and what its committed transfers moved: none is half there."""
    right = dict.fromkeys(run.books.balances, run.books.opening)
    for booked in run.books.booked:
        right[booked.move.source] -= booked.move.amount
        right[booked.move.target] += booked.move.amount
    for account, balance in run.books.balances.items():
        if balance != right[account]:
            yield f"account {account} has {balance}, its transfers say {right[account]}"


def answers_are_in_the_books(run: Run) -> Iterator[str]:
    """A transfer that was confirmed is committed, once and as asked; a refused one is not at all."""
    booked = {entry.token: entry.move for entry in run.books.booked}
    for token, times in Counter(entry.token for entry in run.books.booked).items():
        if times > 1:
            yield f"transfer {token} is there {times} times"
    for answer in run.answers:
        move, token = answer.ask.move, answer.ask.token
        if move is None:
            continue
        if answer.ask.refused and token in booked:
            yield f"{_named(answer)} was refused and is committed"
        elif token in booked and booked[token] != move:
            yield f"{_named(answer)} is committed as {booked[token]}, not {move}"
        elif _is_confirmed(answer) and token not in booked:
            yield f"{_named(answer)} was confirmed and is not committed"


def connections_are_back(run: Run) -> Iterator[str]:
    """At rest nothing is lent, nobody waits, and every session of the server is idle."""
    for rest in run.rests:
        busy = [state for state in rest.backends if state != "idle"]
        if busy:
            yield f"after {rest.phase} sessions are {', '.join(busy)}"
        if len(rest.backends) > rest.pool_size:
            yield f"after {rest.phase} there are {len(rest.backends)} sessions, the pool has {rest.pool_size}"
        if rest.lent or rest.waiting:
            yield f"after {rest.phase} {rest.lent} connections are lent, {rest.waiting} borrowers wait"


def no_job_is_lost(run: Run) -> Iterator[str]:
    """Every job whose request was answered is done, once, or named in the log as not done."""
    times_done = Counter(run.books.jobs_done)
    for token, times in times_done.items():
        if times > 1:
            yield f"job {token} was done {times} times"
    known = {*times_done, *(run.shutdown.unfinished if run.shutdown is not None else ())}
    for answer in run.answers:
        token = answer.ask.token
        if answer.ask.job and _is_confirmed(answer) and token not in known:
            yield f"job {token} is neither done nor named in the log"


def shutdown_is_orderly(run: Run) -> Iterator[str]:
    """After SIGTERM the server ended by itself, in time, and left no database session."""
    shutdown = run.shutdown
    if shutdown is None:
        yield "the server was not shut down"
        return
    if shutdown.status is None:
        yield f"the server had to be killed after {shutdown.seconds:.0f} s"
    elif shutdown.status not in (0, 143):
        yield f"the server ended with status {shutdown.status}"
    elif shutdown.seconds > shutdown.limit:
        yield f"the server took {shutdown.seconds:.1f} s of {shutdown.limit:.1f} s to end"
    if shutdown.backends:
        yield f"the server left {shutdown.backends} database sessions"


def log_is_clean(run: Run) -> Iterator[str]:
    """The server's log has no error that nobody was told of."""
    yield from run.complaints


type Check = Callable[[Run], Iterator[str]]

CHECKS: tuple[Check, ...] = (
    chaos_took_place,
    nothing_hangs,
    answers_are_right,
    errors_are_explained,
    kills_fail_one_request_each,
    books_balance,
    answers_are_in_the_books,
    connections_are_back,
    no_job_is_lost,
    shutdown_is_orderly,
    log_is_clean,
)


def _named(answer: Answer) -> str:
    return f"{answer.ask.kind} {answer.ask.token} ({answer.phase})"


def _is_confirmed(answer: Answer) -> bool:
    return answer.outcome is Outcome.ANSWERED and answer.status == 200


def _is_as_asked(answer: Answer) -> bool:
    if answer.ask.refused:
        return answer.status == 500 and _families(answer)[:1] == ["RefusedError"]
    return _is_confirmed(answer)


def _is_database_error(answer: Answer) -> bool:
    return {"OperationalError", "InterfaceError"} & set(_families(answer)) != set()


def _families(answer: Answer) -> list[str]:
    """The failed view's error class and its bases."""
    return list(answer.body.get("error", ())) if isinstance(answer.body, dict) else []


def _met(answer: Answer, faults: tuple[Fault, ...] | list[Fault]) -> bool:
    """Whether the request was under way during a fault or just after it."""
    return any(
        answer.began <= fault.ended + AFTERMATH_S[fault.kind] and answer.ended >= fault.began
        for fault in faults
    )

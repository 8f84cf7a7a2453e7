"""Requests made on all sides in step, each answer compared, and the databases put back in line after a difference."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from unblocker.records.evidence import NO_TRIALS, ExclusionKind, Trials
from unblocker.records.traffic import Request
from unblocker.verify.budget import Budget
from unblocker.verify.compare import Seen, compare, went_ahead
from unblocker.verify.coverage import Footprints
from unblocker.verify.findings import Finding
from unblocker.verify.job import Effort, ViewToVerify
from unblocker.verify.ordeal import ALL, Answers, Made, Ordeal, Progress, differences
from unblocker.verify.process import NoAnswerError, Side
from unblocker.verify.protocol import (
    Forget,
    Function,
    Locate,
    Located,
    LoggedIn,
    LogIn,
    Outline,
    Outlined,
    Serve,
    Wire,
)
from unblocker.verify.sides import Sides
from unblocker.verify.stage import Stage
from unblocker.verify.visitors import Visitors
from unblocker.verify.wire import encode

# A view that hangs costs a timeout each time, one that kills its process a start.
MAX_UNANSWERED = 2


@dataclass(frozen=True, slots=True)
class Skipped:
    """Why a request is not counted."""

    kind: ExclusionKind
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one request showed.

    Attributes:
        located: the URL pattern and view it reached.
        status: the old side's.
        skipped: set if it is not counted; there are no findings then.
        went_ahead: see `compare.went_ahead`.
        blocked: addresses that were not allowed to be called.
        unwatched: loopback addresses connected to other than through HTTP.
        trials: what it was put to besides being made.
        without_timeout: hosts that a call would wait for as long as they say nothing.
        footprints: what ran of the project's code, trials included.
    """

    request: Request
    located: Located
    status: int = 0
    findings: tuple[Finding, ...] = ()
    skipped: Skipped | None = None
    went_ahead: bool = False
    blocked: tuple[str, ...] = ()
    unwatched: tuple[str, ...] = ()
    trials: Trials = NO_TRIALS
    without_timeout: tuple[str, ...] = ()
    footprints: Footprints = field(default_factory=Footprints)


type Tried = Callable[[Located], ViewToVerify | None]

# What the plan announces where mail no longer holds the response.
_MAIL_LATER = "U501"


class Replay:
    """Makes requests; `control` is a second process of the old code: where it differs, the new code is not to blame.

    Requests to the views that `tried` knows are then put to the trials that `effort` asks for, within the budget.
    """

    def __init__(
        self,
        stage: Stage,
        timeout_s: float,
        tried: Tried,
        effort: Effort,
        budget: Budget,
        progress: Progress,
    ) -> None:
        self._endstate = stage.endstate
        self._media = stage.media
        self._recorder = stage.recorder
        self._timeout_s = timeout_s
        self._sides = Sides(stage.workers, stage.endstate, timeout_s)
        self._tried = tried
        self._footprints = Footprints()
        self._ordeal = Ordeal(self._ask, stage, effort, budget, progress)
        self._visitors = Visitors(stage.ready.session_cookie)
        self._number = 0
        self._unanswered: Counter[str] = Counter()
        self._endstate.align()

    def run(self, traffic: tuple[Request, ...]) -> Iterator[Outcome]:
        """The outcome of each request, in order.

        Raises:
            UnblockError: a worker of the old code broke down (U055).
        """
        for request in traffic:
            self._footprints = Footprints()
            yield replace(self._make(request), footprints=self._footprints)

    def outline(self, side: Side, function: Function) -> Outlined:
        """What there is to run in a function of this side's code."""
        reply = self._sides.ask(side, Outline(function))
        assert isinstance(reply, Outlined)  # noqa: S101  # the protocol's answer to Outline
        return reply

    def _make(self, request: Request) -> Outcome:
        located = self._locate(request)
        if self._unanswered[located.view] >= MAX_UNANSWERED:
            text = f"not made: {MAX_UNANSWERED} requests to this view were left unanswered"
            return Outcome(request, located, skipped=Skipped("stopped", text))
        if request.as_user is not None and self._visitors.needs_login(request.as_user):
            self._log_in(request.as_user)
        tried = self._tried(located)
        if tried is not None:
            self._ordeal.keep()
        wire = encode(request, self._visitors.cookies(request.as_user))
        number = self._next()
        seen = self._serve(number, wire)
        outcome = self._judge(request, located, seen)
        old = seen["old"]
        if isinstance(old, Seen):
            if tried is not None and not outcome.findings and not outcome.skipped:
                outcome = self._try(outcome, Made(tried.id, number, wire, _mail_counts(tried)), old)
            answer = old.observation
            self._visitors.received(request.as_user, answer.cookies, signed_in=answer.signed_in)
        return outcome

    def _serve(self, number: int, wire: Wire) -> Answers:
        self._recorder.begin()
        return self._ask(Serve(number, wire), ALL)

    def _ask(self, command: Serve, sides: tuple[Side, ...]) -> Answers:
        """What is seen of a request on these sides."""
        answers: Answers = {}
        for side, reply in self._sides.serve(command, sides).items():
            if isinstance(reply, NoAnswerError):
                answers[side] = reply
            else:
                self._footprints.add(side, reply)
                answers[side] = Seen(reply, self._recorder.calls(side))
        return answers

    def _judge(self, request: Request, located: Located, seen: Answers) -> Outcome:
        """The findings on the new side, none where the old code gave no answer or differs from itself."""
        old, control, new = seen["old"], seen["control"], seen["new"]
        if any(isinstance(each, NoAnswerError) for each in seen.values()):
            self._unanswered[located.view] += 1
        moved = self._endstate.compare()
        if isinstance(old, NoAnswerError) or isinstance(control, NoAnswerError):
            self._put_in_line()
            text = f"the old code left it unanswered for {self._timeout_s:g} s"
            return Outcome(request, located, skipped=Skipped("no answer", text))
        noise = (*compare(old, control), *moved["control"])
        findings = (*differences(old, new), *moved["new"])
        if noise or findings:
            self._put_in_line()
        observation = old.observation
        return Outcome(
            request,
            located,
            observation.status,
            findings=() if noise else findings,
            skipped=Skipped("not deterministic", _told(noise)) if noise else None,
            went_ahead=isinstance(new, Seen) and went_ahead(old, new),
            blocked=tuple(sorted({*self._recorder.blocked, *observation.escaped})),
            unwatched=tuple(sorted(set(observation.unwatched))),
        )

    def _try(self, outcome: Outcome, made: Made, old: Seen) -> Outcome:
        endured = self._ordeal.undergo(made, old)
        if endured.findings or not endured.is_in_line:
            self._put_in_line()
        return replace(
            outcome,
            findings=endured.findings,
            trials=endured.trials,
            without_timeout=endured.without_timeout,
        )

    def _locate(self, request: Request) -> Located:
        path = request.path.partition("?")[0]
        reply = self._sides.ask("old", Locate(path))
        assert isinstance(reply, Located)  # noqa: S101  # the protocol's answer to Locate
        return reply

    def _log_in(self, user: str) -> None:
        replies = self._sides.ask_all(LogIn(self._next(), user))
        for side, reply in replies.items():
            if not isinstance(reply, LoggedIn):
                raise self._sides.broken(side, f"{user} could not be logged in: {reply}")
        login = replies["old"]
        assert isinstance(login, LoggedIn)  # noqa: S101  # all of them are
        self._visitors.logged_in(user, login.cookie)
        if any(self._endstate.compare().values()):
            self._endstate.align()

    def _put_in_line(self) -> None:
        self._endstate.align()
        self._media.align()
        self._sides.tell_all(Forget())

    def _next(self) -> int:
        self._number += 1
        return self._number


def _mail_counts(view: ViewToVerify) -> bool:
    return all(accepted.code != _MAIL_LATER for accepted in view.accepted)


def _told(noise: tuple[Finding, ...]) -> str:
    return "the old code differs from itself: " + "; ".join(finding.text for finding in noise)

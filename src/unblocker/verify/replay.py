"""Requests made on all sides in step, each answer compared, and the databases put back in line after a difference."""

import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from unblocker.errors import UnblockError
from unblocker.records.evidence import ExclusionKind
from unblocker.records.traffic import Request
from unblocker.verify.compare import Seen, compare, went_ahead
from unblocker.verify.endstate import EndState
from unblocker.verify.findings import Finding
from unblocker.verify.process import NAMES, CrashedError, NoAnswerError, Side, WorkerProcess
from unblocker.verify.protocol import (
    Command,
    Failed,
    Forget,
    Locate,
    Located,
    LoggedIn,
    LogIn,
    Observation,
    Reply,
    Serve,
)
from unblocker.verify.recorder import Recorder
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
    """

    request: Request
    located: Located
    status: int = 0
    findings: tuple[Finding, ...] = ()
    skipped: Skipped | None = None
    went_ahead: bool = False
    blocked: tuple[str, ...] = ()
    unwatched: tuple[str, ...] = ()


type Replies = dict[Side, Reply | NoAnswerError]


class Replay:
    """Makes requests; `control` is a second process of the old code: where it differs, the new code is not to blame."""

    def __init__(
        self,
        workers: Mapping[Side, WorkerProcess],
        endstate: EndState,
        recorder: Recorder,
        timeout_s: float,
    ) -> None:
        self._workers = workers
        self._endstate = endstate
        self._recorder = recorder
        self._timeout_s = timeout_s
        self._visitors = Visitors(workers["old"].ready.session_cookie)
        self._number = 0
        self._unanswered: Counter[str] = Counter()
        self._endstate.align()

    def run(self, traffic: tuple[Request, ...]) -> Iterator[Outcome]:
        """The outcome of each request, in order.

        Raises:
            UnblockError: a worker of the old code broke down (U055).
        """
        for request in traffic:
            yield self._make(request)

    def _make(self, request: Request) -> Outcome:
        located = self._locate(request)
        if self._unanswered[located.view] >= MAX_UNANSWERED:
            text = f"not made: {MAX_UNANSWERED} requests to this view were left unanswered"
            return Outcome(request, located, skipped=Skipped("stopped", text))
        if request.as_user is not None and self._visitors.needs_login(request.as_user):
            self._log_in(request.as_user)
        self._recorder.begin()
        wire = encode(request, self._visitors.cookies(request.as_user))
        replies = self._ask_all(Serve(self._next(), wire))
        seen = {
            side: Seen(self._observed(side, reply), self._recorder.calls(side))
            for side, reply in replies.items()
            if not isinstance(reply, NoAnswerError)
        }
        outcome = self._judge(request, located, seen, replies)
        if old := seen.get("old"):
            answer = old.observation
            self._visitors.received(request.as_user, answer.cookies, signed_in=answer.signed_in)
        return outcome

    def _judge(
        self, request: Request, located: Located, seen: dict[Side, Seen], replies: Replies
    ) -> Outcome:
        """The findings on the new side, none where the old code gave no answer or differs from itself."""
        unanswered = {
            side: reply for side, reply in replies.items() if isinstance(reply, NoAnswerError)
        }
        self._bring_back(unanswered)
        if unanswered:
            self._unanswered[located.view] += 1
        moved = self._endstate.compare()
        if "old" not in seen or "control" not in seen:
            self._put_in_line()
            text = f"the old code left it unanswered for {self._timeout_s:g} s"
            return Outcome(request, located, skipped=Skipped("no answer", text))
        noise = (*compare(seen["old"], seen["control"]), *moved["control"])
        findings = (*self._differences(seen, unanswered), *moved["new"])
        if noise or findings:
            self._put_in_line()
        observation = seen["old"].observation
        return Outcome(
            request,
            located,
            observation.status,
            findings=() if noise else findings,
            skipped=Skipped("not deterministic", _told(noise)) if noise else None,
            went_ahead="new" in seen and went_ahead(seen["old"], seen["new"]),
            blocked=tuple(sorted({*self._recorder.blocked, *observation.escaped})),
            unwatched=tuple(sorted(set(observation.unwatched))),
        )

    def _differences(
        self, seen: dict[Side, Seen], unanswered: dict[Side, NoAnswerError]
    ) -> tuple[Finding, ...]:
        if "new" in seen:
            return compare(seen["old"], seen["new"])
        why = str(unanswered["new"])
        status = seen["old"].observation.status
        return (Finding("answer", f"the new code did not answer: {why}", f"status {status}", why),)

    def _locate(self, request: Request) -> Located:
        path = request.path.partition("?")[0]
        reply = self._ask("old", Locate(path))
        assert isinstance(reply, Located)  # noqa: S101  # the protocol's answer to Locate
        return reply

    def _log_in(self, user: str) -> None:
        replies = self._ask_all(LogIn(self._next(), user))
        for side, reply in replies.items():
            if not isinstance(reply, LoggedIn):
                raise self._broken(side, f"{user} could not be logged in: {_why(reply)}")
        login = replies["old"]
        assert isinstance(login, LoggedIn)  # noqa: S101  # all of them are
        self._visitors.logged_in(user, login.cookie)
        if any(self._endstate.compare().values()):
            self._endstate.align()

    def _ask(self, side: Side, command: Command) -> Reply:
        """One worker's reply to what any worker can answer."""
        worker = self._workers[side]
        worker.send(command)
        try:
            return worker.receive(self._timeout_s)
        except NoAnswerError as error:
            raise self._broken(side, str(error)) from None

    def _ask_all(self, command: Command) -> Replies:
        """All workers' replies; they work at the same time."""
        deadline = time.monotonic() + self._timeout_s
        for worker in self._workers.values():
            worker.send(command)
        replies: Replies = {}
        for side, worker in self._workers.items():
            try:
                replies[side] = worker.receive(max(0.0, deadline - time.monotonic()))
            except NoAnswerError as error:
                replies[side] = error
        return replies

    def _observed(self, side: Side, reply: Reply | NoAnswerError) -> Observation:
        if isinstance(reply, Observation):
            return reply
        raise self._broken(side, _why(reply))

    def _bring_back(self, unanswered: dict[Side, NoAnswerError]) -> None:
        """Start those again that hang or have died; a worker of the old code that dies is an error."""
        for side, error in unanswered.items():
            if isinstance(error, CrashedError) and side != "new":
                raise self._broken(side, str(error))
            self._workers[side].kill()
            self._endstate.release(side)
            self._workers[side].restart()

    def _put_in_line(self) -> None:
        self._endstate.align()
        model = Path(self._workers["old"].launch.setup.media)
        for side, worker in self._workers.items():
            if side != "old":
                _copy_files(model, Path(worker.launch.setup.media))
            self._ask(side, Forget())

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _broken(self, side: Side, why: str) -> UnblockError:
        return UnblockError(
            "U055",
            f"the process of {NAMES[side]} broke down: {why}",
            hint=f"Its last lines:\n{self._workers[side].last_lines()}",
        )


def _copy_files(model: Path, folder: Path) -> None:
    shutil.rmtree(folder)
    shutil.copytree(model, folder)


def _why(reply: Reply | NoAnswerError) -> str:
    if isinstance(reply, Failed):
        return f"{reply.text}\n{reply.details}"
    return str(reply)


def _told(noise: tuple[Finding, ...]) -> str:
    return "the old code differs from itself: " + "; ".join(finding.text for finding in noise)

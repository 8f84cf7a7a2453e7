"""The workers of all sides, asked at the same time, and started again when they hang or die."""

import time
from collections.abc import Iterable, Mapping

from unblocker.errors import UnblockError
from unblocker.verify.endstate import EndState
from unblocker.verify.process import NAMES, CrashedError, NoAnswerError, Side, WorkerProcess
from unblocker.verify.protocol import Command, Failed, Observation, Reply, Serve

type Replies = dict[Side, Reply | NoAnswerError]
type Observations = dict[Side, Observation | NoAnswerError]


class Sides:
    """All workers; what one of the old code's does wrong is an error (U055), the new code's is only told."""

    def __init__(
        self, workers: Mapping[Side, WorkerProcess], endstate: EndState, timeout_s: float
    ) -> None:
        self._workers = workers
        self._endstate = endstate
        self._timeout_s = timeout_s

    def ask(self, side: Side, command: Command) -> Reply:
        """One worker's reply to what any worker can answer."""
        worker = self._workers[side]
        worker.send(command)
        try:
            return worker.receive(self._timeout_s)
        except NoAnswerError as error:
            raise self.broken(side, str(error)) from None

    def tell_all(self, command: Command) -> None:
        """Have all of them do what any worker can do."""
        for side in self._workers:
            self.ask(side, command)

    def ask_all(self, command: Command, sides: Iterable[Side] | None = None) -> Replies:
        """Their replies; they work at the same time."""
        asked = tuple(self._workers if sides is None else sides)
        deadline = time.monotonic() + self._timeout_s
        for side in asked:
            self._workers[side].send(command)
        replies: Replies = {}
        for side in asked:
            try:
                replies[side] = self._workers[side].receive(max(0.0, deadline - time.monotonic()))
            except NoAnswerError as error:
                replies[side] = error
        return replies

    def serve(self, command: Serve, sides: Iterable[Side] | None = None) -> Observations:
        """What was seen of the request; those that gave no answer have been started again."""
        replies = self.ask_all(command, sides)
        seen = {side: self._observed(side, reply) for side, reply in replies.items()}
        for side, reply in seen.items():
            if isinstance(reply, NoAnswerError):
                self._bring_back(side, reply)
        return seen

    def broken(self, side: Side, why: object) -> UnblockError:
        """The error to raise where a worker can't go on."""
        text = f"{why.text}\n{why.details}" if isinstance(why, Failed) else str(why)
        return UnblockError(
            "U055",
            f"the process of {NAMES[side]} broke down: {text}",
            hint=f"Its last lines:\n{self._workers[side].last_lines()}",
        )

    def _observed(self, side: Side, reply: Reply | NoAnswerError) -> Observation | NoAnswerError:
        if isinstance(reply, Observation | NoAnswerError):
            return reply
        raise self.broken(side, reply)

    def _bring_back(self, side: Side, error: NoAnswerError) -> None:
        if isinstance(error, CrashedError) and side != "new":
            raise self.broken(side, error)
        self._workers[side].kill()
        self._endstate.release(side)
        self._workers[side].restart()

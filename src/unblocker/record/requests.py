"""From a process's lines to its requests."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from unblocker.record.lines import AnyLine, Begin, End, Op, Outside, Seen
from unblocker.records.places import Place
from unblocker.records.recording import RecordedOperation, RecordedRequest


@dataclass(slots=True)
class Process:
    """Puts the lines of one process together.

    Attributes:
        outside: operations in no request.
    """

    outside: int = 0
    _open: dict[int, RecordedRequest] = field(default_factory=dict)
    _operations: dict[int, list[RecordedOperation]] = field(default_factory=dict)

    def requests(self, lines: Iterable[AnyLine]) -> Iterator[RecordedRequest]:
        """Each request when it has ended, then those that never did.

        What a request does after its response is left out: nobody waits for it.
        """
        for line in lines:
            match line:
                case Begin():
                    self._begin(line)
                case Seen(r=number) if number in self._open:
                    self._open[number] = replace(
                        self._open[number], view=line.view, route=line.route
                    )
                case Op(r=number) if number in self._open:
                    self._operations[number].append(_operation(line))
                case End(r=number) if number in self._open:
                    yield self._ended(number, line)
                case Outside():
                    self.outside = max(self.outside, line.count)
        for number in list(self._open):
            yield self._taken(number)

    def _begin(self, line: Begin) -> None:
        self.outside = max(self.outside, line.outside)
        self._open[line.r] = RecordedRequest(None, None, line.method, None, None, line.entrance)
        self._operations[line.r] = []

    def _ended(self, number: int, line: End) -> RecordedRequest:
        request = self._taken(number)
        return replace(request, status=line.status, duration_ms=line.ms, replay=line.replay)

    def _taken(self, number: int) -> RecordedRequest:
        operations = sorted(self._operations.pop(number), key=lambda one: one.start_ms)
        return replace(self._open.pop(number), operations=tuple(operations))


def _operation(line: Op) -> RecordedOperation:
    return RecordedOperation(
        kind=line.kind,
        label=line.label,
        start_ms=line.at,
        duration_ms=line.ms,
        place=Place(line.file, line.line, 0, line.line, 0) if line.file else None,
        tables=line.tables,
        database=line.db,
        stand_in=line.stand_in,
        failed=line.failed,
    )

"""One recording: runs the command, then puts together what its processes wrote.

Raw lines are kept beside the record, a folder a run, so that a later run can be added to it.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from unblocker.errors import UnblockError
from unblocker.record.command import execute
from unblocker.record.environment import recording_into
from unblocker.record.lines import Begin, Imported, Ready, read_lines
from unblocker.record.requests import Process
from unblocker.record.summary import Summary
from unblocker.records import codec
from unblocker.records.recording import RecordedView, Recording, Run
from unblocker.records.survey import SourceFile

RUN = "run.json"


@dataclass(frozen=True, slots=True)
class Recorder:
    """Records commands of the project at `root`; `folder` holds the raw lines of its runs."""

    root: Path
    folder: Path

    def run(self, command: tuple[str, ...], *, bodies: bool) -> Run:
        """Run the command to its end and keep what it did.

        Raises:
            UnblockError: it can't be started (U081), or nothing was recorded (U082, U083, U084); nothing is kept then.
        """
        begun = datetime.now(UTC)
        place = self.folder / begun.strftime("%Y%m%dT%H%M%S.%f")
        run = Run(command, begun.isoformat(timespec="seconds"))
        codec.save(run, place / RUN)
        try:
            ended = execute(command, recording_into(place, self.root, os.environ, bodies=bodies))
            run = replace(run, status=ended.status, seconds=round(ended.seconds, 3))
            refuse_nothing(run, processes(place))
        except UnblockError:
            shutil.rmtree(place)
            raise
        codec.save(run, place / RUN)
        return run

    def forget_earlier(self) -> None:
        """Remove all runs but the last."""
        for place in self._runs()[:-1]:
            shutil.rmtree(place)

    def recording(self) -> Recording:
        """What all runs that are kept recorded together."""
        summary, outside = Summary(), 0
        places = self._runs()
        for file in (file for place in places for file in processes(place)):
            process = Process()
            summary.add(process.requests(read_lines(file)))
            outside += process.outside
        views = summary.views()
        return Recording(
            root=str(self.root),
            runs=tuple(codec.load(place / RUN, Run) for place in places),
            views=views,
            requests=tuple(summary.samples),
            unrouted=summary.unrouted,
            outside=outside,
            files=tuple(self._hashed(named(views))),
        )

    def _runs(self) -> list[Path]:
        """The folders of the runs, in order."""
        return sorted(file.parent for file in self.folder.glob(f"*/{RUN}"))

    def _hashed(self, names: Iterable[str]) -> Iterator[SourceFile]:
        for name in names:
            path = self.root / name
            if path.is_file():
                yield SourceFile(name, hashlib.sha256(path.read_bytes()).hexdigest())


def processes(place: Path) -> list[Path]:
    """The files of a run's processes."""
    return sorted(place.glob("*.jsonl"))


def named(views: Iterable[RecordedView]) -> list[str]:
    """The files that the views' operations stand in."""
    places = (one.place for view in views for one in view.operations)
    return sorted({place.file for place in places if place is not None})


def refuse_nothing(run: Run, files: list[Path]) -> None:
    """Say what is missing where a run recorded no request.

    Raises:
        UnblockError: no process imported Django (U082), none loaded the project (U083), or none had a request (U084).
    """
    seen = set()
    for line in (line for file in files for line in read_lines(file)):
        if isinstance(line, Begin):
            return
        seen.add(type(line))
    command = " ".join(run.command)
    ended = f"`{command}` ended with status {run.status}"
    if Imported not in seen:
        raise UnblockError(
            "U082",
            f"{ended}, and nothing in it imported Django: nothing was recorded",
            hint="Does it run the project's Python, and does PYTHONPATH reach it (not with -I or -E, or under tox)?",
        )
    if Ready not in seen:
        raise UnblockError(
            "U083",
            f"{ended} without having loaded the project: nothing was recorded",
            hint="Its own output above says why. Run it without `record` until it works.",
        )
    raise UnblockError(
        "U084",
        f"{ended} without a single request: nothing was recorded",
        hint="Record tests that make requests, or a server while it is used.",
    )

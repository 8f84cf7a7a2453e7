"""`django-unblock record` as its users run it, and what it leaves."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.unblocker.cli.running import command, environment, run
from unblocker.records.codec import load
from unblocker.records.recording import RecordedRequest, RecordedView, Recording

LIBRARY = Path(__file__).parent / "library"
MANAGE = (sys.executable, "manage.py")


def record(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """`django-unblock record ARGUMENTS`, to its end."""
    done: subprocess.CompletedProcess[str] = run("record", *arguments, cwd=cwd)
    return done


def start_recording(*arguments: str, cwd: Path, **variables: str) -> "subprocess.Popen[str]":
    """The same, while it runs; its input and output are none of a terminal's."""
    return subprocess.Popen(
        command("record", *arguments),
        cwd=cwd,
        env=environment(**variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def recording_of(project: Path) -> Recording:
    return load(project / ".unblock" / "recording.json", Recording)


def view(recording: Recording, name: str) -> RecordedView:
    """The view at its route; direct calls of classes have none."""
    (found,) = [
        one
        for one in recording.views
        if one.view == f"books.views.{name}" and one.route is not None
    ]
    return found


def requests(recording: Recording, name: str) -> list[RecordedRequest]:
    return [one for one in recording.requests if one.view == f"books.views.{name}"]


def entrances(found: Iterable[RecordedRequest]) -> Counter[str]:
    return Counter(one.entrance for one in found)


def line_of(text: str, file: str = "books/views.py") -> str:
    """`file:line` of the only line of the library with this text."""
    lines = (LIBRARY / file).read_text().splitlines()
    (number,) = [number for number, line in enumerate(lines, 1) if text in line]
    return f"{file}:{number}"


def everything_kept(project: Path) -> str:
    """The text of all files that recording has left."""
    return "".join(file.read_text() for file in (project / ".unblock").rglob("*") if file.is_file())

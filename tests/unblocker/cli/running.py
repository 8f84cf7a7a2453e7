"""The command line as its users run it: a process of its own, in a project of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

NOTEBOOK = Path(__file__).parent / "notebook"
LEFT_OUT = ("PYTHON", "DJANGO_", "NOTEBOOK_", "FORCE_COLOR", "NO_COLOR", "COLUMNS")


def environment(**variables):
    """This process's, without what would change how the command or the project behaves."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(LEFT_OUT)}
    return {**kept, **variables}


def command(*arguments):
    return [sys.executable, "-m", "unblocker", *map(str, arguments)]


def run(*arguments, cwd, env=None, **options):
    """`django-unblock ARGUMENTS` in the folder `cwd`, to its end; `options` are those of `subprocess.run`."""
    return subprocess.run(
        command(*arguments),
        cwd=cwd,
        env=env or environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        stdin=subprocess.DEVNULL,
        **options,
    )


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


class Preloaded:
    """The same for many short commands; see preloaded.py."""

    def __init__(self, folder):
        self._outputs = folder / "stdout", folder / "stderr"
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("preloaded.py")],
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments, cwd):
        job = {
            "arguments": [str(argument) for argument in arguments],
            "cwd": str(cwd),
            "environment": environment(),
            **dict(zip(("stdout", "stderr"), map(str, self._outputs), strict=True)),
        }
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        status = int(self._process.stdout.readline())
        return Done(status, *(file.read_text() for file in self._outputs))

    def close(self):
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def contents(folder):
    """Every file and folder below it, with the files' bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def assert_cannot_run(done, *named):
    """Status 2 and one error that has a code, names these, and shows no traceback."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.count("error: ") == 1
    assert done.stderr.startswith("error: U")
    for name in named:
        assert str(name) in done.stderr, done.stderr

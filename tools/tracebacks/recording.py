"""Runs examples and tells their tracebacks without what differs from machine to machine."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable
from pathlib import Path

import django

from unblocker.explain.knowledge.base import Example
from unblocker.services import postgres
from unblocker.services.processes import Supervisor

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "src"
FOLDER = HERE.parents[1] / "tests" / "unblocker" / "explain" / "tracebacks"
PROJECT = "/srv/shop"
LIBRARIES = "/venv/lib/python3.13/site-packages"
PYTHON = "/usr/lib/python3.13"
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")
NUMBERS = re.compile(r"\b(thread id|ID|port|pid)(:? )\d{4,}\b|(?<=127\.0\.0\.1:)\d+")
TIMES = re.compile(r"in \d+\.\d+s\b")


def record(examples: dict[str, Example], dsn: str = "") -> dict[str, str]:
    """The traceback of each example, by its name here; those that need PostgreSQL only with a `dsn`."""
    with tempfile.TemporaryDirectory(prefix="tracebacks-") as folder:
        project = shutil.copytree(HERE / "project", Path(folder).resolve() / "shop")
        played = play(project, examples, dsn)
        return {name: tidied(text, project) for name, text in played.items()}


def record_all(examples: dict[str, Example]) -> dict[str, str]:
    """The same for all, with a PostgreSQL of its own."""
    folder = postgres.temporary_folder()
    with Supervisor() as supervisor:
        server = postgres.start(supervisor, folder)
        recorded = record(examples, server.conninfo("postgres"))
    shutil.rmtree(folder, ignore_errors=True)
    return recorded


def play(project: Path, examples: dict[str, Example], dsn: str) -> dict[str, str]:
    """What each example wrote to standard error, as it is."""
    jobs = [
        {
            "name": name,
            "code": one.code,
            "run": one.run,
            "dsn": dsn if one.run == "postgres" else "",
        }
        for name, one in examples.items()
        if dsn or one.run != "postgres"
    ]
    variables = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    variables["PYTHONPATH"] = str(SOURCE)
    done = subprocess.run(
        [sys.executable, str(HERE / "play.py"), str(project)],
        input=json.dumps(jobs), capture_output=True, text=True, check=True, env=variables,
    )  # fmt: skip
    played: dict[str, str] = json.loads(done.stdout)
    return played


def tidied(text: str, project: Path) -> str:
    """The text with the paths of a server, and without numbers that change."""
    for path, instead in places(project):
        text = text.replace(path, instead)
    text = NUMBERS.sub(_number, ADDRESS.sub("0x7f0000000000", text))
    text = TIMES.sub("in 0.10s", text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"


def _number(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}1234" if found[1] else "5432"


def places(project: Path) -> Iterable[tuple[str, str]]:
    """Folders of this machine and what they are called in what is kept."""
    python = sysconfig.get_paths()["stdlib"]
    return (
        (str(project), PROJECT),
        (str(SOURCE), LIBRARIES),
        (str(Path(django.__file__).parents[1]), LIBRARIES),
        (python, PYTHON),
        (sys.prefix, "/venv"),
    )

"""What programs run on: a PostgreSQL with their rows, and a host to ask."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tools.fuzz_convert.writer import IMPORTS, Program
from unblocker.services import postgres
from unblocker.services.ports import LOOPBACK
from unblocker.services.postgres import USER, Postgres
from unblocker.services.processes import Supervisor
from unblocker.verify import Database, Trees

PROJECT = Path(__file__).parent / "project"
DATABASE = "fuzz_seed"


class StageError(Exception):
    """Something that the programs need can't be had."""


class _Upstream(BaseHTTPRequestHandler):
    """Answers each path with a text of its own."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        answer = f"price of {self.path}".encode()
        self.send_response(200)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_POST = do_GET  # noqa: N815  # the name that http.server looks for

    def log_message(self, *args: object) -> None:
        """Nobody reads it."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything up."""

    postgres: Postgres
    upstream: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a process that loads the project gets."""
        place = {"FUZZ_HOST": LOOPBACK, "FUZZ_PORT": str(self.postgres.port), "FUZZ_USER": USER}
        return {**os.environ, **place, "FUZZ_DATABASE": DATABASE, "FUZZ_UPSTREAM": self.upstream}

    @property
    def databases(self) -> tuple[Database, ...]:
        """The seeded database, to clone."""
        return (Database("default", DATABASE, LOOPBACK, self.postgres.port, USER),)

    def convert(self, name: str, programs: Sequence[Program]) -> Trees:
        """Put the programs into a project, and convert them in a copy of it.

        Raises:
            StageError: the tool failed.
        """
        old, new = self.folder / f"{name}-old", self.folder / f"{name}-new"
        for tree in (old, new):
            shutil.rmtree(tree, ignore_errors=True)
        shutil.copytree(PROJECT, old, ignore=shutil.ignore_patterns("__pycache__"))
        sources = "\n\n".join(program.source for program in programs)
        (old / "views.py").write_text(f"{IMPORTS}\n\n{sources}")
        shutil.copytree(old, new)
        done = self._run(new, "-m", "unblocker", "convert", "--write")
        if done.returncode not in {0, 1}:
            raise StageError(f"convert failed in {new}:\n{done.stdout}{done.stderr}")
        return Trees(old, new, "settings")

    def seed(self) -> None:
        """Make the rows.

        Raises:
            StageError: they can't be made.
        """
        self.postgres.create(DATABASE)
        done = self._run(PROJECT, "seed.py")
        if done.returncode:
            raise StageError(f"the rows could not be made:\n{done.stderr}")

    def _run(self, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            (sys.executable, *arguments),
            cwd=folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """Everything up and seeded; down when the block is left."""
    with ExitStack() as stack:
        supervisor = stack.enter_context(Supervisor())
        server = postgres.start(supervisor, postgres.temporary_folder())
        upstream = ThreadingHTTPServer((LOOPBACK, 0), _Upstream)
        stack.callback(upstream.server_close)
        stack.callback(upstream.shutdown)
        threading.Thread(target=upstream.serve_forever, args=(0.05,), daemon=True).start()
        stage = Stage(server, f"http://{LOOPBACK}:{upstream.server_address[1]}", folder)
        stage.seed()
        yield stage

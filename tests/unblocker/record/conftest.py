import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.unblocker.cli.running import environment
from tests.unblocker.record.recorded import LIBRARY


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The library in a folder of its own."""
    return copy_of_library(tmp_path)


@pytest.fixture
def served(project: Path) -> Path:
    """The library with its databases, for a server."""
    for alias in ("default", "archive"):
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--run-syncdb", "-v0", "--database", alias],
            cwd=project,
            env=environment(),
            check=True,
        )
    return project


def copy_of_library(folder: Path) -> Path:
    return shutil.copytree(
        LIBRARY, folder / "library", ignore=shutil.ignore_patterns("__pycache__", ".*", "*.sqlite3")
    )


@pytest.fixture(scope="session")
def upstream() -> Iterator[str]:
    """The URL of a server that answers everything."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps("here").encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()

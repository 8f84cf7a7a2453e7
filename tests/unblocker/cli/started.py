"""A command that runs while the test looks on: what it has started, and what it leaves behind."""

import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psutil

from tests.unblocker.cli.running import command, environment

PATIENCE_S = 120
POLL_S = 0.15


class Started:
    """`django-unblock ARGUMENTS` in the folder `cwd`, with a folder of its own for temporary files."""

    def __init__(self, *arguments, cwd):
        # In the system's: PostgreSQL, which runs as a user of its own as root, must get there.
        self.temporary = Path(tempfile.mkdtemp(prefix="unblock-test-"))
        self.temporary.chmod(0o755)
        self._popen = subprocess.Popen(
            command(*arguments),
            cwd=cwd,
            env=environment(TMPDIR=str(self.temporary)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._process = psutil.Process(self._popen.pid)

    def wait_for(self, part):
        """Return when a process below it has `part` in its command line."""
        deadline = time.monotonic() + PATIENCE_S
        while not any(part in line for line in map(_command_line, self.children())):
            assert self._popen.poll() is None, self._popen.communicate()
            assert time.monotonic() < deadline, part
            time.sleep(POLL_S)

    def children(self):
        """Everything that runs below it."""
        return self._process.children(recursive=True)

    def end(self, number):
        """Send it the signal; its status, its output and its errors when it has ended."""
        self._popen.send_signal(number)
        return self.ended()

    def ended(self):
        """Its status, its output and its errors when it has ended."""
        output, errors = self._popen.communicate(timeout=2 * PATIENCE_S)
        return self._popen.returncode, output, errors

    def stop(self):
        """See to it that it has ended."""
        if self._popen.poll() is None:
            self.end(signal.SIGTERM)


def assert_gone(processes):
    """All of them have ended or do so within seconds."""
    deadline = time.monotonic() + PATIENCE_S / 8
    while alive := [process for process in processes if _runs(process)]:
        assert time.monotonic() < deadline, alive
        time.sleep(POLL_S)


def _command_line(process):
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def _runs(process):
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False

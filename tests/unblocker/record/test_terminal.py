"""Ctrl-C in a terminal, which goes to the recorder and to the command alike."""

import subprocess
import sys
from pathlib import Path

from tests.unblocker.cli.running import command, environment

SPAWN = "import pty, sys; pty.spawn(sys.argv[1:])"
COUNTING = """
import os, signal, time
seen = []
signal.signal(signal.SIGINT, lambda *_: seen.append(1))
os.write(1, b"ready\\n")
while not seen:
    time.sleep(0.01)
time.sleep(0.5)
print("interrupts:", len(seen))
"""


def test_ctrl_c_reaches_the_command_once(project: Path) -> None:
    recorded = command("record", "--", sys.executable, "-c", COUNTING)
    process = subprocess.Popen(
        [sys.executable, "-c", SPAWN, *recorded],
        cwd=project,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    output = b""
    while b"ready" not in output:
        part = process.stdout.read1()  # type: ignore[attr-defined]  # a buffered reader
        assert part, output
        output += part
    process.stdin.write(b"\x03")
    process.stdin.flush()
    output += process.communicate(timeout=60)[0]
    assert b"interrupts: 1\r\n" in output
    assert b"error: U082" in output

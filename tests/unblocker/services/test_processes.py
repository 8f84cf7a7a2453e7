"""Children come up, tell why they did not, and never outlive who started them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from unblocker.errors import UnblockError
from unblocker.services import ports
from unblocker.services.processes import Command, Process, Supervisor

SERVE = """
import http.server, sys
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
WITH_CHILD = (
    "import subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(child.pid, flush=True); time.sleep(60)"
)
PARENT = """
import sys, time
from pathlib import Path
from unblocker.services.processes import Command, Supervisor

with Supervisor() as supervisor:
    folder = Path(sys.argv[1])
    command = Command("sleeper", (sys.executable, "-c", sys.argv[2]), folder, folder / "child.log")
    print(supervisor.spawn(command).popen.pid, flush=True)
    time.sleep(60)
"""


def python(folder: Path, code: str, *arguments: str, port: int = 0, **options: object) -> Command:
    argv = (sys.executable, "-c", code, *arguments)
    return Command("the child", argv, folder, folder / "child.log", port, **options)


def family(process: Process) -> list[psutil.Process]:
    leader = psutil.Process(process.popen.pid)
    return [leader, *leader.children(recursive=True)]


def wait_for_log(folder: Path, name: str = "child.log") -> str:
    deadline = time.monotonic() + 20
    while not (text := (folder / name).read_text() if (folder / name).exists() else "").endswith(
        "\n"
    ):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return text


def runs(process: psutil.Process) -> bool:
    """A zombie has ended; who is to collect it is not our concern."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def assert_gone(processes: list[psutil.Process], within_s: float = 10) -> None:
    deadline = time.monotonic() + within_s
    while alive := [process for process in processes if runs(process)]:
        assert time.monotonic() < deadline, alive
        time.sleep(0.02)


def test_a_server_is_up_when_its_port_answers(tmp_path: Path) -> None:
    port = ports.claim()
    with Supervisor() as supervisor:
        supervisor.start(python(tmp_path, SERVE, str(port), port=port, http_path="/"))
        assert ports.answers(port)
    assert not ports.answers(port)


def test_a_child_that_dies_is_reported_with_its_last_lines(tmp_path: Path) -> None:
    with Supervisor() as supervisor, pytest.raises(UnblockError) as caught:
        supervisor.start(python(tmp_path, "raise SystemExit('no such thing')", port=ports.claim()))
    assert caught.value.code == "U060"
    assert "the child ended with status 1" in caught.value.text
    assert "no such thing" in caught.value.hint


def test_a_child_that_never_answers_is_reported_and_stopped(tmp_path: Path) -> None:
    with Supervisor() as supervisor:
        process = supervisor.spawn(
            python(tmp_path, "import time; time.sleep(60)", port=ports.claim(), patience_s=0.1)
        )
        members = family(process)
        with pytest.raises(UnblockError) as caught:
            process.wait_ready()
    assert caught.value.code == "U061"
    assert_gone(members)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_nothing_is_left_after_an_exception(tmp_path: Path, error: type[BaseException]) -> None:
    members: list[psutil.Process] = []

    def work() -> None:
        with Supervisor() as supervisor:
            process = supervisor.spawn(python(tmp_path, WITH_CHILD))
            wait_for_log(tmp_path)
            members.extend(family(process))
            raise error

    with pytest.raises(error):
        work()
    assert len(members) == 3
    assert_gone(members, within_s=0)


def test_a_grandchild_is_stopped_when_the_child_has_ended(tmp_path: Path) -> None:
    code = WITH_CHILD.replace("time.sleep(60)", "sys.exit(0)").replace(
        "'import time; sys.exit(0)'", "'import time; time.sleep(60)'"
    )
    with Supervisor() as supervisor:
        process = supervisor.spawn(python(tmp_path, code))
        grandchild = psutil.Process(int(wait_for_log(tmp_path)))
        assert process.wait(10) == 0
        assert grandchild.is_running()
    assert_gone([grandchild])


def test_who_ignores_sigterm_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unblocker.services.processes.STOP_GRACE_S", 0.1)
    with Supervisor() as supervisor:
        process = supervisor.spawn(python(tmp_path, STUBBORN))
        wait_for_log(tmp_path)
        members = family(process)
    assert_gone(members, within_s=1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_nothing_outlives_the_parent(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path), WITH_CHILD],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as parent:
        assert parent.stdout
        leader = psutil.Process(int(parent.stdout.readline()))
        wait_for_log(tmp_path)
        members = [leader, *leader.children(recursive=True)]
        parent.send_signal(number)
    assert len(members) == 3
    assert_gone(members)


def test_signal_handlers_are_put_back(tmp_path: Path) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)]
    with Supervisor() as supervisor:
        supervisor.spawn(python(tmp_path, "pass"))
    after = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)]
    assert after == before


def test_the_command_gets_default_signal_handling(tmp_path: Path) -> None:
    code = "import signal; print([signal.getsignal(n).name for n in (15, 1)])"
    with Supervisor() as supervisor:
        supervisor.spawn(python(tmp_path, code)).wait(10)
    assert wait_for_log(tmp_path) == "['SIG_DFL', 'SIG_DFL']\n"


def test_only_what_is_named_is_stopped(tmp_path: Path) -> None:
    with Supervisor() as supervisor:
        first, second = (
            supervisor.spawn(python(tmp_path, "import time; time.sleep(60)")) for _ in range(2)
        )
        supervisor.stop(first)
        assert first.popen.returncode is not None
        assert second.popen.poll() is None


def test_the_environment_is_the_one_given(tmp_path: Path) -> None:
    code = "import os; print(os.environ.get('MARK'), 'HOME' in os.environ)"
    with Supervisor() as supervisor:
        supervisor.spawn(python(tmp_path, code, env={"MARK": "x"})).wait(10)
    assert wait_for_log(tmp_path) == "x False\n"
    assert "MARK" not in os.environ

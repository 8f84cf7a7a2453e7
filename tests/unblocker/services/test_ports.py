import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from subprocess import PIPE

import pytest

from unblocker.errors import UnblockError
from unblocker.services import ports


def test_a_free_port_can_be_listened_on() -> None:
    port = ports.claim()
    with socket.create_server((ports.LOOPBACK, port)):
        assert ports.answers(port)


def test_a_port_in_use_is_named_in_the_error() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UnblockError) as caught:
            ports.claim(port)
    assert caught.value.code == "U062"
    assert str(port) in caught.value.text


NOBODYS = 10_000 + os.getpid() % 1900 * 5
"""The first of five ports that no other run of these tests claims."""
CLAIM = """
import sys
from unblocker.services import ports

ports.QUIET = range(int(sys.argv[1]), int(sys.argv[2]))
print(ports.claim(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def others() -> Iterator[Callable[[int, int], subprocess.Popen[str]]]:
    """Starts processes that claim a port of a range and keep it."""
    started = []

    def claims(first: int, last: int) -> subprocess.Popen[str]:
        command = (sys.executable, "-c", CLAIM, str(first), str(last + 1))
        process = subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True)
        started.append(process)
        return process

    yield claims
    for process in started:
        process.communicate()


def test_what_another_process_claimed_and_does_not_yet_listen_on_is_taken(
    others: Callable[[int, int], subprocess.Popen[str]],
) -> None:
    first, last = NOBODYS, NOBODYS + 4
    claimed = [others(first, last) for _ in range(6)]
    told = [process.stdout.readline().strip() for process in claimed]
    assert sorted(told) == ["", *map(str, range(first, last + 1))]
    [refused] = [process for process, port in zip(claimed, told, strict=True) if not port]
    assert f"no port from {first} to {last} is free" in refused.communicate()[1]


def test_what_an_ended_process_claimed_is_free_again(
    others: Callable[[int, int], subprocess.Popen[str]],
) -> None:
    first = others(NOBODYS, NOBODYS)
    assert first.stdout.readline() == f"{NOBODYS}\n"
    first.communicate()
    assert others(NOBODYS, NOBODYS).stdout.readline() == f"{NOBODYS}\n"


def test_no_outgoing_connection_comes_from_a_claimed_port() -> None:
    claimed = {ports.claim() for _ in range(50)}
    assert len(claimed) == 50
    with socket.create_server((ports.LOOPBACK, 0)) as server:
        given = server.getsockname()[1]
    assert given not in ports.QUIET
    assert claimed < set(ports.QUIET)


def test_a_named_free_port_is_kept() -> None:
    port = ports.claim()
    assert ports.claim(port) == port


def test_who_listens_but_says_nothing_does_not_serve_http() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as silent:
        port = silent.getsockname()[1]
        assert ports.answers(port)
        assert not ports.serves_http(port, "/", timeout_s=0.1)

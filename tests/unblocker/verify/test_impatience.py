"""Timeouts that are cut while a call is held."""

import socket
from collections.abc import Iterator

import pytest

from django_unblock import sockets
from unblocker.verify.impatience import SECONDS, Impatience


@pytest.fixture(params=["stock", "runtime"])
def sock(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[socket.socket]:
    for kind in (socket.socket, sockets._Waiting):
        monkeypatch.setattr(kind, "settimeout", kind.settimeout)  # put back afterwards
    kind = socket.socket if request.param == "stock" else sockets.Socket
    with kind(socket.AF_INET, socket.SOCK_STREAM, 0) as made:
        yield made


@pytest.mark.parametrize(
    ("wanted", "got"), [(5, SECONDS), (SECONDS / 2, SECONDS / 2), (0.0, 0.0), (None, None)]
)
def test_only_long_timeouts_are_cut(
    sock: socket.socket, wanted: float | None, got: float | None
) -> None:
    Impatience().arm(armed=True)
    sock.settimeout(wanted)
    assert sock.gettimeout() == got


def test_afterwards_they_are_left_alone(sock: socket.socket) -> None:
    impatience = Impatience()
    impatience.arm(armed=True)
    impatience.arm(armed=False)
    sock.settimeout(5)
    assert sock.gettimeout() == 5

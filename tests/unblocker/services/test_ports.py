import socket

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


def test_a_named_free_port_is_kept() -> None:
    port = ports.claim()
    assert ports.claim(port) == port


def test_who_listens_but_says_nothing_does_not_serve_http() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as silent:
        port = silent.getsockname()[1]
        assert ports.answers(port)
        assert not ports.serves_http(port, "/", timeout_s=0.1)

import os
import random
import secrets
import uuid
from collections.abc import Iterator

import pytest

from unblocker.verify.world import Randomness, is_loopback


@pytest.fixture
def randomness(monkeypatch: pytest.MonkeyPatch) -> Iterator[Randomness]:
    """Installed for the length of a test."""
    monkeypatch.setattr(os, "urandom", os.urandom)
    monkeypatch.setattr(random, "_urandom", os.urandom)
    state = random.getstate()
    randomness = Randomness()
    yield randomness
    random.setstate(state)


def draw() -> tuple[object, ...]:
    return uuid.uuid4(), secrets.token_hex(8), secrets.choice("abcdefgh"), random.random()


def test_a_number_repeats_its_randomness(randomness: Randomness) -> None:
    randomness.set(1)
    first = draw()
    assert draw() != first
    randomness.set(2)
    assert draw() != first
    randomness.set(1)
    assert draw() == first


def test_another_module_does_not_disturb(randomness: Randomness) -> None:
    other = {"__name__": "another.module", "uuid": uuid}
    randomness.set(1)
    first = uuid.uuid4()
    randomness.set(1)
    drawn = eval("uuid.uuid4()", other)
    assert drawn != first
    assert uuid.uuid4() == first


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("example.com", False),
        ("localhost.example.com", False),
        ("", False),
    ],
)
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected

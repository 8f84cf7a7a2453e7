from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unblocker.traffic.files import recorded, recording
from unblocker.errors import UnblockError
from unblocker.records.traffic import LeftOut, Request
from unblocker.traffic.recordings import read_recording

WHOLE = recorded()


def read(*requests):
    return read_recording(recording(*requests), "recording.json")


def test_a_request_as_the_user_who_made_it():
    found = read(
        recorded(
            "/caf\u00e9?/",
            "POST",
            "a=\u00c3\u00a9",  # as WSGI hands over the two bytes of an é
            b"b=2",
            headers={"Content-Type": "text/plain", "Cookie": "sessionid=1", "Accept": "*/*"},
            user="7",
        )
    )
    assert found.requests == (
        Request(
            "POST",
            "/caf%C3%A9%3F/?a=%C3%A9",
            headers={"Content-Type": "text/plain", "Accept": "*/*"},
            body=b"b=2",
            user_key="7",
        ),
    )


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (replace(WHOLE, replay=None), "recorded without its path and body"),
        (
            replace(WHOLE, entrance="direct call"),
            "a test called the view directly: its path leads to no view",
        ),
        (recorded(whole=False), "its body was longer than the recorder keeps"),
        (recorded("*"), "its path does not start with a slash"),
    ],
)
def test_what_cannot_be_sent_again_is_left_out(request_, reason):
    found = read(WHOLE, request_)
    assert len(found.requests) == 1
    assert found.left_out == (LeftOut(reason),)


def test_a_recording_without_bodies_is_told():
    with pytest.raises(UnblockError) as caught:
        read(replace(WHOLE, replay=None))
    assert caught.value.code == "U059"
    assert "--bodies" in caught.value.hint


def test_a_recording_of_nothing_is_read():
    assert read().requests == ()


@given(st.data())
def test_a_damaged_recording_is_named(data):
    text = recording(WHOLE)
    cut = data.draw(st.integers(0, len(text) - 3))
    with pytest.raises(UnblockError) as caught:
        read_recording(text[:cut], "recording.json")
    assert caught.value.code == "U059"
    assert caught.value.place.file == "recording.json"

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unblocker.traffic.files import entry, har, logged, recorded, recording, suppress_only
from unblocker.errors import UnblockError
from unblocker.traffic import load_traffic
from unblocker.traffic.reading import read_whole

LOG = logged("GET /a/ HTTP/1.1")
LINES = b'{"method": "GET", "path": "/a/", "as": "bob"}\n'


@pytest.mark.parametrize(
    ("content", "user"),
    [
        (har(entry("https://shop.example/a/")), "ann"),
        (b"\xef\xbb\xbf" + har(entry("https://shop.example/a/")), "ann"),
        (LOG, "ann"),
        (b"\nstarted\n" + LOG, "ann"),
        (LINES, "bob"),
        (b"\xef\xbb\xbf" + LINES, "bob"),
        (recording(recorded("/a/")), None),
    ],
)
def test_a_format_is_known_by_what_is_in_the_file(tmp_path, content, user):
    file = tmp_path / "traffic.txt"
    file.write_bytes(content)
    (request,) = load_traffic(file, "ann").requests
    assert (request.path, request.as_user) == ("/a/", user)


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_an_empty_file_has_no_requests(tmp_path, content):
    file = tmp_path / "traffic.jsonl"
    file.write_bytes(content)
    assert load_traffic(file).requests == ()


def test_a_line_of_ours_that_quotes_a_log_is_no_log(tmp_path):
    file = tmp_path / "traffic.jsonl"
    file.write_bytes(LINES + b'["[22/Nov/2026]" "GET / HTTP/1.1" 200 ]\n')
    with pytest.raises(UnblockError) as caught:
        load_traffic(file)
    assert str(caught.value).startswith(f"U051 {file}:2: ")


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"\n\nGET /\n", 3), (b"\x1f\x8b\x08", 1), (b"[1]", 1), (b"<html>", 1), (b"\x00" * 9, 1)],
)
def test_what_has_no_known_format_is_named(tmp_path, content, line):
    file = tmp_path / "traffic"
    file.write_bytes(content)
    with pytest.raises(UnblockError) as caught:
        load_traffic(file)
    assert str(caught.value).startswith(f"U057 {file}:{line}: ")


def test_a_folder_cannot_be_read(tmp_path):
    with pytest.raises(UnblockError) as caught:
        load_traffic(tmp_path)
    assert caught.value.code == "U050"


BEGINNINGS = st.sampled_from(
    [b"", b"{", b'{"log": ', b'{"root": ', b'{"log": {"entries": [', b"{}"]
)


@given(BEGINNINGS, st.binary() | st.integers(0, 5000).map(lambda times: b"[" * times))
def test_garbage_is_read_or_named(beginning, rest):
    with suppress_only("U051", "U057", "U058", "U059"):
        read_whole(beginning + rest, "traffic")

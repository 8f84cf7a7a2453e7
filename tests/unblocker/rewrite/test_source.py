"""Source files are read as they are, or not at all."""

import pytest

from unblocker.errors import UnblockError
from unblocker.rewrite.source import read_source


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        (b"a = 1\r\n", "utf-8", "a = 1\r\n"),
        (b"\xef\xbb\xbfa\n", "utf-8-sig", "a\n"),
        (b"# coding: latin-1\n\xe9\n", "iso-8859-1", "# coding: latin-1\né\n"),
        (b"", "utf-8", ""),
    ],
)
def test_text_comes_back_as_the_same_bytes(tmp_path, data, encoding, text):
    (tmp_path / "a.py").write_bytes(data)
    source = read_source(tmp_path, "a.py")
    assert (source.encoding, source.text) == (encoding, text)
    assert source.text.encode(source.encoding) == data


@pytest.mark.parametrize("data", [b"\xff\xfe", b"# coding: nonsense\n", None])
def test_what_cannot_be_read_is_named(tmp_path, data):
    if data is not None:
        (tmp_path / "a.py").write_bytes(data)
    with pytest.raises(UnblockError, match=r"a\.py") as caught:
        read_source(tmp_path, "a.py")
    assert caught.value.code == "U045"

from pathlib import Path

import pytest

from unblocker.errors import UnblockError
from unblocker.records.traffic import Request, Upload
from unblocker.traffic import load_traffic


def write(folder: Path, *lines: str) -> Path:
    file = folder / "traffic.jsonl"
    file.write_text("\n".join(lines))
    return file


def test_reads_every_field(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        '{"method": "get", "path": "/a/?b=1", "as": null, "query": {"c": ["1", "2"]}}',
        "",
        '{"method": "POST", "path": "/up/", "as": "anna", "data": {"title": "x"}, "headers": {"X-A": "1"},'
        ' "files": {"file": {"name": "a.txt", "content_base64": "aGk=", "type": "text/plain"}}}',
        '{"method": "PUT", "path": "/api/", "json": {"a": [1, null]}}',
    )
    assert load_traffic(file).requests == (
        Request("GET", "/a/?b=1", query={"c": ("1", "2")}),
        Request(
            "POST",
            "/up/",
            "anna",
            data={"title": "x"},
            files={"file": Upload("a.txt", b"hi", "text/plain")},
            headers={"X-A": "1"},
        ),
        Request("PUT", "/api/", json={"a": [1, None]}),
    )


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("{", "truncated"),
        ('{"path": "/"}', "method"),
        ('{"method": "GET", "path": "x"}', "does not start with a slash"),
        ('{"method": "GE T", "path": "/"}', "is no HTTP method"),
        ('{"method": "GET", "path": "/", "user": "anna"}', "user"),
        ('{"method": "GET", "path": "/", "as": 3}', "as"),
        ('{"method": "POST", "path": "/", "data": {"a": "1"}, "json": {}}', "both a form"),
        (
            '{"method": "POST", "path": "/", "files": {"f": {"name": "a", "content_base64": "!"}}}',
            "not base64",
        ),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, text: str) -> None:
    file = write(tmp_path, '{"method": "GET", "path": "/"}', line)
    with pytest.raises(UnblockError) as caught:
        load_traffic(file)
    assert caught.value.code == "U051"
    assert str(caught.value).startswith(f"U051 {file}:2: ")
    assert text in caught.value.text


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnblockError) as caught:
        load_traffic(tmp_path / "no.jsonl")
    assert caught.value.code == "U050"
    assert "no.jsonl" in caught.value.text

"""Which format a file of requests has: told by what is in it."""

import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from unblocker.errors import UnblockError
from unblocker.records.traffic import Traffic
from unblocker.traffic.access_log import is_access_log, read_access_log
from unblocker.traffic.har import read_har
from unblocker.traffic.json_lines import read_json_lines
from unblocker.traffic.places import line_of
from unblocker.traffic.recordings import read_recording

_HAR = re.compile(rb'\s*\{\s*"log"\s*:')
_RECORDING = re.compile(rb'\s*\{\s*"root"\s*:')
_JSON = re.compile(rb"\s*(\{|$)")
_MARK = b"\xef\xbb\xbf"
_LINES_TO_KNOW_A_LOG = 20


def load_traffic(path: Path, user: str | None = None) -> Traffic:
    """The requests in a file, in order; as `user` those of a HAR file or a log, which don't know who asked.

    Raises:
        UnblockError: the file cannot be read (U050) or has none of the formats (U057), or a part of it is not as its
            format says (U051, U058, U059, naming file and line).
    """
    try:
        with path.open("rb") as lines:
            first = tuple(islice(lines, _LINES_TO_KNOW_A_LOG))
            if not _JSON.match(b"".join(first)) and is_access_log(first):
                lines.seek(0)
                return read_access_log(lines, user)
        return read_whole(path.read_bytes().removeprefix(_MARK), str(path), user)
    except OSError as error:
        raise UnblockError(
            "U050",
            f"the traffic file {path} cannot be read: {error.strerror}",
            hint="Name a file of JSON lines, a HAR file, an access log or a recording.",
        ) from None


def read_whole(data: bytes, file: str, user: str | None = None) -> Traffic:
    """The same from a file's content, of the formats that are JSON; `file` is its name in errors."""
    if _HAR.match(data):
        return read_har(data, file, user)
    if _RECORDING.match(data):
        return read_recording(data, file)
    if not _JSON.match(data):
        raise UnblockError(
            "U057",
            "this is no file of requests: no format that is known begins like this",
            place=line_of(file, _first_line(data.splitlines())),
            hint="Name a file of JSON lines, a HAR file, an access log or a recording, unpacked.",
        )
    return read_json_lines(data, file)


def _first_line(lines: Iterable[bytes]) -> int:
    """The number of the first line that is not empty."""
    return next((number for number, line in enumerate(lines, 1) if line.strip()), 1)

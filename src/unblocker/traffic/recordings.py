"""What `django-unblock record --bodies` kept: whole requests, each as the user who made it."""

from urllib.parse import quote

import msgspec

from unblocker.errors import UnblockError
from unblocker.records.codec import from_json
from unblocker.records.recording import RecordedRequest, Recording
from unblocker.records.traffic import Request, Traffic, counted
from unblocker.traffic.leaving_out import telling_headers
from unblocker.traffic.paths import in_ascii
from unblocker.traffic.places import line_of, place_of_error

_SAFE = "/:@!$&'()*+,;=~"
"""What stays as it is in a path; a recorded one is decoded."""


def read_recording(data: bytes, file: str) -> Traffic:
    """Its requests, in order, as the users who made them, by their keys; `file` is its name in errors.

    Raises:
        UnblockError: it is no recording, or has requests and none of them whole (U059).
    """
    try:
        recording = from_json(data, Recording)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise UnblockError(
            "U059",
            f"this is no whole recording: {error}",
            place=place_of_error(file, data, error),
            hint="It was written by another version or edited by hand; record again.",
        ) from None
    if recording.requests and not any(one.replay for one in recording.requests):
        raise UnblockError(
            "U059",
            "this recording has no whole requests",
            place=line_of(file, 1),
            hint="Record with `django-unblock record --bodies`.",
        )
    read = [_read(one) for one in recording.requests]
    return Traffic(
        tuple(one for one in read if isinstance(one, Request)),
        counted(one for one in read if isinstance(one, str)),
    )


def _read(recorded: RecordedRequest) -> Request | str:
    """The request; or why it is left out."""
    replay = recorded.replay
    if replay is None:
        return "recorded without its path and body"
    if recorded.entrance == "direct call":
        return "a test called the view directly: its path leads to no view"
    if not replay.whole:
        return "its body was longer than the recorder keeps"
    if not replay.path.startswith("/"):
        return "its path does not start with a slash"
    query = f"?{in_ascii(replay.query, 'latin-1')}" if replay.query else ""
    return Request(
        recorded.method.upper(),
        quote(replay.path, _SAFE, errors="replace") + query,
        headers=telling_headers(replay.headers),
        body=replay.body,
        user_key=replay.user,
    )

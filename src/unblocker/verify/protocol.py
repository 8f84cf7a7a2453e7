"""What the two ends of a worker's pipe say: length-prefixed MessagePack, one message a frame."""

from typing import BinaryIO, Literal

import msgspec

HEADER = 4


type Vendor = Literal["postgresql", "sqlite"]


class DatabasePlace(msgspec.Struct, frozen=True):
    """Where an alias of the project's DATABASES is for this worker; an SQLite file has a name only."""

    alias: str
    vendor: Vendor
    name: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""


class Wire(msgspec.Struct, frozen=True):
    """A request as it goes to the server: nothing left to encode.

    Attributes:
        path: percent-encoded, without the query string.
        query: the query string, percent-encoded, without the question mark.
        headers: lower-case names and values, in order, `content-length` and `cookie` included.
    """

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Setup(msgspec.Struct, frozen=True, tag=True):
    """The first message: which project to load, and into what kind of world.

    Attributes:
        served_by: `wsgi` for the app as it is served today, `asgi` for the converted one.
        media: an empty folder of this worker's own for uploaded files.
        started: the frozen clock's first reading, seconds since the epoch.
        step: how many seconds the clock moves on per request.
        proxy_port: where outbound HTTP is recorded.
    """

    root: str
    settings: str
    served_by: str
    databases: tuple[DatabasePlace, ...]
    media: str
    started: float
    step: float
    proxy_port: int


class LogIn(msgspec.Struct, frozen=True, tag=True):
    """Make a session for the user; answered by `LoggedIn`."""

    number: int
    username: str


class Locate(msgspec.Struct, frozen=True, tag=True):
    """Find the view behind a percent-encoded path; answered by `Located`."""

    path: str


type FaultKind = Literal[
    "database error", "lost connection", "mail", "error answer", "no answer", "timeout"
]


class Fault(msgspec.Struct, frozen=True):
    """An operation that fails.

    Attributes:
        target: the statement or call as `statements.told` or `outbound.canonical_call` has it; "" for mail.
        occurrence: which of those that are alike, from 0 on.
    """

    kind: FaultKind
    target: str = ""
    occurrence: int = 0


class Trial(msgspec.Struct, frozen=True):
    """What makes the handling of a request harder than usual.

    Attributes:
        seed: of the schedule; None for the order in which things come.
        fault: what fails.
        leaves_after: after how many completed operations the client goes away; 0 for never.
    """

    seed: int | None = None
    fault: Fault | None = None
    leaves_after: int = 0


UNTRIED = Trial()


class Serve(msgspec.Struct, frozen=True, tag=True):
    """Handle a request; answered by `Observation`.

    Attributes:
        number: sets the clock and the randomness.
        again: the caches hold what they held when this request was handled for the first time.
    """

    number: int
    wire: Wire
    trial: Trial = UNTRIED
    again: bool = False


class Function(msgspec.Struct, frozen=True):
    """A function of the project: its file, relative to the root, and its qualified name."""

    file: str
    name: str


class Outline(msgspec.Struct, frozen=True, tag=True):
    """Say what there is to run in a function; answered by `Outlined`."""

    function: Function


class Forget(msgspec.Struct, frozen=True, tag=True):
    """Empty the caches, so that what one side remembers of a difference does not spread."""


type Command = Setup | LogIn | Locate | Serve | Outline | Forget


class Done(msgspec.Struct, frozen=True, tag=True):
    """The command was carried out."""


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The command could not be carried out; `details` is a traceback."""

    text: str
    details: str = ""


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The project is loaded; what the coordinator must know of it."""

    user_table: str
    username_column: str
    session_cookie: str


class LoggedIn(msgspec.Struct, frozen=True, tag=True):
    """The session cookie; empty where there is no such user."""

    cookie: str


class Located(msgspec.Struct, frozen=True, tag=True):
    """The URL pattern that matches and the dotted path of its view; both empty where none does."""

    route: str
    view: str


class Outlined(msgspec.Struct, frozen=True, tag=True):
    """A function's statements, each by its first line, and its branches: see outline.py."""

    statements: tuple[int, ...]
    branches: tuple[tuple[int, int], ...]


class Reached(msgspec.Struct, frozen=True):
    """What ran of a code object of the project, as `Outlined` has it; the file relative to the root."""

    file: str
    statements: tuple[int, ...]
    branches: tuple[tuple[int, int], ...]


class Statement(msgspec.Struct, frozen=True):
    """An SQL statement as Django sent it; `atomic` says that a transaction was open."""

    alias: str
    sql: str
    params: str
    atomic: bool
    vendor: Vendor = "postgresql"


class Mail(msgspec.Struct, frozen=True):
    """A mail in full, as pairs of a field's name and its text."""

    fields: tuple[tuple[str, str], ...]


class Raised(msgspec.Struct, frozen=True):
    """An exception that no view or middleware caught."""

    kind: str
    message: str


class Rendered(msgspec.Struct, frozen=True):
    """A template that was rendered, with the type of each value it was given."""

    name: str
    context: tuple[tuple[str, str], ...]


class Kept(msgspec.Struct, frozen=True):
    """A cache entry that a request has changed: its value as text, "" where it is gone, and for how long it stays."""

    alias: str
    key: str
    value: str
    time_left: str


class Logged(msgspec.Struct, frozen=True):
    """A record that the project's own code has logged; `text` is the message with its arguments behind it."""

    logger: str
    level: int
    text: str


class Observation(msgspec.Struct, frozen=True, tag=True):
    """Everything a worker saw of one request.

    Attributes:
        status: 0 if the application raised instead of answering.
        headers: in order, cookies left out.
        cookies: the `Set-Cookie` values, in order.
        files: the media folder afterwards: path and digest.
        kept: what was changed in the in-memory caches.
        enqueued: the tasks of `django.tasks` that were enqueued, in order, with their arguments.
        signals: those sent that somebody receives, in order, with their arguments.
        signed_in: somebody logged in.
        completed: how many operations the event loop heard the end of; 0 without a loop.
        escaped: addresses outside loopback that it tried to connect to, and was refused.
        unwatched: loopback addresses that it connected to other than through HTTP.
        reached: what ran of the project's own code.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    cookies: tuple[str, ...] = ()
    body: bytes = b""
    raised: tuple[Raised, ...] = ()
    mails: tuple[Mail, ...] = ()
    statements: tuple[Statement, ...] = ()
    rendered: tuple[Rendered, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    kept: tuple[Kept, ...] = ()
    logged: tuple[Logged, ...] = ()
    enqueued: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    signed_in: bool = False
    completed: int = 0
    escaped: tuple[str, ...] = ()
    unwatched: tuple[str, ...] = ()
    reached: tuple[Reached, ...] = ()


type Reply = Done | Failed | Ready | LoggedIn | Located | Outlined | Observation

# Django's SafeString is no exact str, and its own __str__ returns itself.
_encode = msgspec.msgpack.Encoder(enc_hook=str.__str__).encode
_decode_command = msgspec.msgpack.Decoder(Command).decode
_decode_reply = msgspec.msgpack.Decoder(Reply).decode


def frame(message: Command | Reply) -> bytes:
    """The message with its length in front."""
    data = _encode(message)
    return len(data).to_bytes(HEADER, "big") + data


def read_command(stream: BinaryIO) -> Command | None:
    """The next command; None when the other end has gone."""
    header = stream.read(HEADER)
    if len(header) < HEADER:
        return None
    size = int.from_bytes(header, "big")
    data = stream.read(size)
    return _decode_command(data) if len(data) == size else None


def decode_reply(data: bytes) -> Reply:
    """The reply in a frame's payload."""
    reply: Reply = _decode_reply(data)
    return reply

"""A worker's process: one side of the project in a world of its own, told by pipe what to do.

Run as `python -m unblocker.verify.worker`; see protocol.py for what is said. Standard output is the pipe, so what the
project prints goes to standard error.
"""

import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, assert_never

from unblocker.verify.protocol import (
    Command,
    Done,
    Failed,
    Fault,
    Forget,
    Locate,
    Located,
    LoggedIn,
    LogIn,
    Observation,
    Outline,
    Raised,
    Ready,
    Reply,
    Serve,
    Setup,
    Trial,
    Wire,
    frame,
    read_command,
)
from unblocker.verify.tracing import Tracing
from unblocker.verify.world import Clock, Network, Randomness

if TYPE_CHECKING:
    from unblocker.verify.cached import Cached
    from unblocker.verify.notes import Notes
    from unblocker.verify.probes import Probes
    from unblocker.verify.serving import Server
    from unblocker.verify.signalling import Signalling


class Worker:
    """Loads the project on `Setup` and carries out commands on it."""

    _server: "Server"
    _probes: "Probes"
    _notes: "Notes"
    _cached: "Cached"
    _signalling: "Signalling"

    def __init__(self, setup: Setup) -> None:
        self._clock = Clock(setup.started, setup.step)
        self._randomness = Randomness()
        self._randomness.set(-1)
        hosts = frozenset(place.host for place in setup.databases)
        self._network = Network(setup.proxy_port, hosts)
        self._tracing = Tracing(Path(setup.root))
        self._load(setup)

    def _load(self, setup: Setup) -> None:
        sys.path.insert(0, setup.root)
        os.environ["DJANGO_SETTINGS_MODULE"] = setup.settings
        import django

        from unblocker.verify import isolation

        keeps_connections = setup.served_by == "wsgi"  # an event loop's are the engine's business
        isolation.isolate(setup.databases, Path(setup.media), keeps_connections=keeps_connections)
        django.setup()
        isolation.observe(setup.databases)
        from unblocker.verify.cached import Cached
        from unblocker.verify.notes import Notes
        from unblocker.verify.probes import Probes
        from unblocker.verify.serving import AsgiServer, WsgiServer
        from unblocker.verify.signalling import Signalling

        self._cached = Cached()
        self._probes = Probes(Path(setup.media))
        self._notes = Notes(Path(setup.root))
        self._signalling = Signalling(Path(setup.root))
        self._server = WsgiServer() if setup.served_by == "wsgi" else AsgiServer()

    def ready(self) -> Ready:
        """What the coordinator must know of the project."""
        from django.apps import apps
        from django.conf import settings
        from django.contrib.auth import get_user_model

        if not apps.is_installed("django.contrib.auth"):
            return Ready("", "", settings.SESSION_COOKIE_NAME)
        model: Any = get_user_model()
        field = model._meta.get_field(model.USERNAME_FIELD)
        return Ready(model._meta.db_table, str(field.column), settings.SESSION_COOKIE_NAME)

    def carry_out(self, command: Command) -> Reply:
        """Do as told."""
        match command:
            case Serve(number, wire, trial, again):
                self._begin(number, trial.fault)
                if again:
                    self._cached.put_back()
                else:
                    self._cached.take()
                return self._serve(wire, trial)
            case Locate(path):
                return _locate(path)
            case LogIn(number, username):
                self._begin(number)
                return self._log_in(username)
            case Outline(function):
                return self._tracing.outline(function)
            case Forget():
                return self._forget()
            case Setup():
                return Failed("the project is loaded already")
        assert_never(command)

    def _begin(self, number: int, fault: Fault | None = None) -> None:
        self._clock.set(number)
        self._randomness.set(number)
        self._probes.clear(fault)
        self._notes.clear()
        self._signalling.clear()
        self._network.escaped.clear()
        self._network.unwatched.clear()
        self._tracing.clear()

    def _serve(self, wire: Wire, trial: Trial) -> Observation:
        from unblocker.verify.probes import raised
        from unblocker.verify.serving import Answer

        escaping: tuple[Raised, ...] = ()
        try:
            answer = self._server.handle(wire, trial)
        except Exception as error:  # noqa: BLE001  # a server would log it and go on
            if trial.fault is None:
                traceback.print_exc()
            answer, escaping = Answer(0, (), b""), (raised(error),)
        probes = self._probes
        return Observation(
            status=answer.status,
            headers=tuple(pair for pair in answer.headers if not _is_cookie(pair)),
            cookies=tuple(pair[1].strip() for pair in answer.headers if _is_cookie(pair)),
            body=answer.body,
            raised=(*probes.raised, *escaping),
            mails=probes.mails(),
            statements=tuple(probes.statements),
            rendered=tuple(probes.rendered),
            files=probes.files(),
            kept=self._cached.changes(),
            logged=tuple(self._notes.logged),
            enqueued=tuple(self._notes.enqueued),
            signals=tuple(self._signalling.sent),
            signed_in=probes.signed_in,
            completed=self._server.completed,
            escaped=tuple(self._network.escaped),
            unwatched=tuple(self._network.unwatched),
            reached=self._tracing.reached(),
        )

    def _log_in(self, username: str) -> LoggedIn:
        from django.conf import settings
        from django.contrib.auth import get_user_model
        from django.db import connections
        from django.test import Client

        model: Any = get_user_model()
        try:
            user = model._default_manager.get_by_natural_key(username)
        except model.DoesNotExist:
            return LoggedIn("")
        client = Client()
        client.force_login(user)
        connections.close_all()
        return LoggedIn(client.cookies[settings.SESSION_COOKIE_NAME].value)

    def _forget(self) -> Done:
        from django.core.cache import caches

        for cache in caches.all(initialized_only=True):
            cache.clear()
        return Done()


def _locate(path: str) -> Located:
    from urllib.parse import unquote

    from django.urls import Resolver404, resolve

    try:
        match = resolve(unquote(path))
    except Resolver404:
        return Located("", "")
    view = getattr(match.func, "view_class", None) or match.func
    name = getattr(view, "__qualname__", type(view).__qualname__)
    return Located(match.route, f"{view.__module__}.{name}")


def _is_cookie(header: tuple[str, str]) -> bool:
    return header[0].lower() == "set-cookie"


def _private_output() -> BinaryIO:
    """Standard output for ourselves; whoever prints from now on prints to standard error."""
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return pipe


def _reply(output: BinaryIO, reply: Reply) -> None:
    output.write(frame(reply))
    output.flush()


def main(make: type[Worker] = Worker) -> None:
    """Set up on the first message, then carry out commands until the other end has gone."""
    commands, output = sys.stdin.buffer, _private_output()
    setup = read_command(commands)
    if not isinstance(setup, Setup):
        return
    try:
        worker = make(setup)
        _reply(output, worker.ready())
    except BaseException as error:  # noqa: BLE001  # the project's own SystemExit too
        _reply(output, Failed(f"{type(error).__name__}: {error}", traceback.format_exc()))
        return
    while (command := read_command(commands)) is not None:
        try:
            reply = worker.carry_out(command)
        except Exception as error:  # noqa: BLE001  # told to the coordinator
            reply = Failed(f"{type(error).__name__}: {error}", traceback.format_exc())
        _reply(output, reply)


if __name__ == "__main__":
    main()

"""Calls to other machines and the rendering of templates: which methods of which libraries are watched, as a table."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from . import journal
from .current import Clock, Operation, is_busy, record, request_here

type Label = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Call:
    """A method that is an operation; `label` gets its arguments, the instance first."""

    module: str
    owner: str
    method: str
    kind: str
    label: Label
    stand_in: bool = False

    @property
    def leaf(self) -> bool:
        """What happens inside belongs to it."""
        return self.kind != "template"


def _host(url: object) -> str:
    return urlsplit(str(url)).hostname or "?"


def _prepared(_client: object, request: Any, *_: object, **__: object) -> str:
    return f"{request.method} {_host(request.url)}"


def _opened(_opener: object, url: Any, *_: object, **__: object) -> str:
    method = url.get_method() if hasattr(url, "get_method") else "GET"
    return f"{method} {_host(getattr(url, 'full_url', url))}"


def _asked(_session: object, method: str, url: object, *_: object, **__: object) -> str:
    return f"{method} {_host(url)}"


def _template(template: Any, *_: object, **__: object) -> str:
    return str(getattr(getattr(template, "template", None), "name", None) or "?")


def _named(text: str) -> Label:
    return lambda *_, **__: text


def _method(name: str) -> Label:
    return lambda instance, *_, **__: f"{type(instance).__name__}.{name}"


_MAIL = "django.core.mail.backends"
_HTTPX = tuple(
    Call(module, owner, method, "http", _prepared)
    for module in ("httpx", "httpx2")
    for owner, method in (
        ("HTTPTransport", "handle_request"),
        ("AsyncHTTPTransport", "handle_async_request"),
    )
)
CALLS = (
    Call("requests.adapters", "HTTPAdapter", "send", "http", _prepared),
    *_HTTPX,
    Call("urllib.request", "OpenerDirector", "open", "http", _opened),
    Call("aiohttp.client", "ClientSession", "_request", "http", _asked),
    Call("botocore.httpsession", "URLLib3Session", "send", "storage", _prepared),
    Call("smtplib", "SMTP", "sendmail", "mail", _named("SMTP")),
    Call(f"{_MAIL}.smtp", "EmailBackend", "send_messages", "mail", _named("SMTP")),
    *(
        Call(f"{_MAIL}.{name}", "EmailBackend", "send_messages", "mail", _named(name), stand_in=True)
        for name in ("locmem", "console", "filebased", "dummy")
    ),
    Call("django.core.files.storage.base", "Storage", "open", "storage", _method("open")),
    Call("django.core.files.storage.base", "Storage", "save", "storage", _method("save")),
    Call("django.template.backends.django", "Template", "render", "template", _template),
    Call("django.template.backends.jinja2", "Template", "render", "template", _template),
    Call("subprocess", "Popen", "wait", "subprocess", _named("wait")),
    Call("subprocess", "Popen", "communicate", "subprocess", _named("communicate")),
)  # fmt: skip
MODULES = frozenset(call.module for call in CALLS)


def watch(module: ModuleType) -> None:
    """Watch the table's methods of a module that has arrived."""
    for call in CALLS:
        owner = getattr(module, call.owner, None)
        if call.module == module.__name__ and owner is not None:
            setattr(owner, call.method, _watched(getattr(owner, call.method), call))


def _watched(method: Any, call: Call) -> Any:
    if inspect.iscoroutinefunction(method):

        @functools.wraps(method)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            with _operation(call, args, kwargs):
                return await method(*args, **kwargs)

        return awaited

    @functools.wraps(method)
    def called(*args: Any, **kwargs: Any) -> Any:
        with _operation(call, args, kwargs):
            return method(*args, **kwargs)

    return called


def _operation(call: Call, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Operation:
    def describe() -> str:
        label = call.label(*args, **kwargs)
        return journal.members(kind=call.kind, label=label, stand_in=call.stand_in)

    return Operation(describe, leaf=call.leaf)


def watch_http_client(client: ModuleType) -> None:
    """Watch the connections that every other client of the standard library's kind makes its calls on (urllib3, …).

    A call goes from its first line to the answer's headers.
    """
    connection = client.HTTPConnection
    put, get = connection.putrequest, connection.getresponse

    @functools.wraps(put)
    def putting(self: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        self._unblock_asked = None if is_busy() else (Clock.now(), f"{method} {self.host}")
        return put(self, method, *args, **kwargs)

    @functools.wraps(get)
    def getting(self: Any, *args: Any, **kwargs: Any) -> Any:
        failed = True
        try:
            response = get(self, *args, **kwargs)
            failed = False
        finally:
            _answered(self, failed=failed)
        return response

    connection.putrequest, connection.getresponse = putting, getting


def _answered(connection: Any, *, failed: bool) -> None:
    asked, request = getattr(connection, "_unblock_asked", None), request_here()
    if asked is not None and request is not None:
        began, label = asked
        told = journal.members(kind="http", label=label)
        record(request, began, Clock.now(), lambda: told, failed=failed)

"""The ASGI application: one greenlet per request, through the whole synchronous middleware chain."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import closing
from functools import wraps
from inspect import iscoroutinefunction
from typing import IO, Any, Self

import django
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.db import connections
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from django_unblock import (
    bridge,
    collector,  # noqa: F401  imported to register its startup hook
    conf,
    lifespan,
    origin,
    ownership,
    patches,
    streaming,
    threads,
)
from django_unblock.placement import runs_on_loop
from django_unblock.transaction import aatomic

logger = logging.getLogger("django_unblock")

type Message = MutableMapping[str, Any]
type Send = Callable[[Message], Awaitable[None]]


def get_asgi_application() -> "Handler":
    """Return the project's ASGI application; takes the place of Django's function of that name.

    See https://docs.djangoproject.com/en/stable/howto/deployment/asgi/. It serves HTTP and the
    lifespan protocol, whose end closes the connection pools.

    Raises:
        ImproperlyConfigured: the runtime is not in force (R505): see `patches.require`.
    """
    django.setup(set_prefix=False)
    patches.require()
    return Handler()


class Handler(ASGIHandler):
    """Django's ASGI handler, with the synchronous middleware chain in one greenlet per request.

    Async views and middleware are awaited in place, so that synchronous ORM access in them does
    not block. Synchronous views run in the bounded thread pool, or on the loop: see `placement`.
    """

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request. The client's disconnect cancels what is being done for it: see `_Listener`."""
        task = asyncio.current_task()
        if task is not None:
            task.set_name(f"{scope['method']} {scope['path']}")
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with closing(body):
            async with _Listener(receive) as listener:
                await bridge.drive(self._serve(scope, body, listener, send))

    async def _serve(self, scope: Any, body: IO[bytes], listener: "_Listener", send: Send) -> None:
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        send = listener.until_complete(send, origin.current())
        request, refusal = self.create_request(scope, body)
        response: Any = refusal
        try:
            if request is not None:
                response = self.get_response(request)
                response._handler_class = self.__class__
            if isinstance(response, FileResponse):
                response.block_size = self.chunk_size
            await self.send_response(response, send)
        finally:
            if response is None:
                signals.request_finished.send(sender=self.__class__)
            else:
                response.close()

    async def send_response(self, response: HttpResponseBase, send: Any) -> None:
        """Send a response. A streaming one is sent part by part, whatever its iterator is."""
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = streaming.parts(
                iter(response), in_threads=_prefers_threads(response)
            )
        await super().send_response(response, send)

    def adapt_method_mode(
        self,
        is_async: bool,
        method: Callable[..., Any],
        method_is_async: bool | None = None,
        debug: bool = False,  # noqa: ARG002 - Django's signature
        name: str | None = None,  # noqa: ARG002
    ) -> Callable[..., Any]:
        """Adapt middleware between sync and async without leaving the request's greenlet."""
        if method_is_async is None:
            method_is_async = iscoroutinefunction(method)
        if is_async == method_is_async:
            return method
        return _awaitable(method) if is_async else _waiting(method)

    def make_view_atomic(self, view: Callable[..., Any]) -> Callable[..., Any]:
        """Apply ``ATOMIC_REQUESTS``, to async views as well, and choose where the view runs."""
        if iscoroutinefunction(view):
            return _waiting(_atomic(view))
        on_loop = runs_on_loop(view)
        view = super().make_view_atomic(view)
        return view if on_loop else _in_thread(view)


def _atomic(view: Callable[..., Any]) -> Callable[..., Any]:
    exempt: set[str] = getattr(view, "_non_atomic_requests", set())
    for alias, database in connections.settings.items():
        if database["ATOMIC_REQUESTS"] and alias not in exempt:
            view = aatomic(using=alias)(view)
    return view


def _prefers_threads(response: HttpResponseBase) -> bool:
    return isinstance(response, FileResponse) or conf.current().SYNC_VIEWS == "thread"


def _awaitable(fn: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(fn)
    async def call(*args: Any, **kwargs: Any) -> Any:
        return await bridge.run(fn, *args, **kwargs)

    return call


def _waiting(fn: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(fn, updated=())  # `as_view()` marks its function, and what it holds, as async
    def call(*args: Any, **kwargs: Any) -> Any:
        return bridge.wait(fn(*args, **kwargs))

    return call


def _in_thread(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def call(*args: Any, **kwargs: Any) -> Any:
        if ownership.is_called_from_sync():
            return view(*args, **kwargs)
        return bridge.wait(threads.run(view, *args, **kwargs))

    return call


class _Listener:
    """Cancels the current task when the client disconnects; the block then ends quietly.

    Once the response is complete it does not: what follows is not for the client, and servers tell
    of a disconnect then in any case. Nor does it once the request has begun to change something,
    before the response is streamed: nothing is left half done, as it is not under WSGI.
    """

    def __init__(self, receive: Callable[[], Awaitable[Message]]) -> None:
        self._receive = receive
        self._origin: origin.Origin | None = None
        self._gone = False

    async def __aenter__(self) -> Self:
        self._task = asyncio.current_task()
        self._listening = asyncio.ensure_future(self._receive())
        self._listening.add_done_callback(self._heard)
        return self

    def until_complete(self, send: Send, request: origin.Origin | None) -> Send:
        """Return ``send``, with which the listening ends at the response's last part."""
        self._origin = request

        async def call(message: Message) -> None:
            if message["type"] == "http.response.body":
                if not message.get("more_body"):
                    self._listening.cancel()
                    self._task = self._task if self._gone else None
                elif self._origin is not None:
                    self._origin = None
                    self._leave()
            await send(message)

        return call

    async def __aexit__(self, kind: type[BaseException] | None, *_error: object) -> bool:
        self._listening.cancel()
        if not self._gone or self._task is None:
            return False
        self._task.uncancel()
        return kind is asyncio.CancelledError

    def _heard(self, listening: "asyncio.Future[Message]") -> None:
        if listening.cancelled() or self._task is None:
            return
        if error := listening.exception():
            logger.warning("Listening for the client's disconnect failed: %r", error)
            return
        self._gone = True
        self._leave()

    def _leave(self) -> None:
        """Cancel the task if the client has gone and it may be cancelled."""
        finishes = self._origin is not None and self._origin.changes
        if self._gone and self._task is not None and not finishes:
            self._task.cancel()


async def _live(receive: Callable[[], Awaitable[Message]], send: Send) -> None:
    """Serve the lifespan protocol: https://asgi.readthedocs.io/en/latest/specs/lifespan.html."""
    await receive()
    try:
        await lifespan.start()
    except Exception as error:
        logger.exception("The application could not start")
        await send({"type": "lifespan.startup.failed", "message": repr(error)})
        return
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await lifespan.stop()
    await send({"type": "lifespan.shutdown.complete"})

"""The three ways to ask a view: Django's test client, its asynchronous one, and a real server."""

import asyncio
import http.client
import socket
import threading
from typing import Any

import uvicorn
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client

from unblocker.verify.protocol import Trial, Wire
from unblocker.verify.serving import Answer, _asgi_application, _drain

OF_THE_CLIENT = frozenset({"host", "content-type", "content-length"})


class ByClient:
    """Each request by a new client, which answers 500 where the application raises."""

    completed = 0

    def handle(self, wire: Wire, trial: Trial) -> Answer:
        return answer_of(Client(raise_request_exception=False).generic(**arguments(wire)))


class ByAsyncClient:
    """The same in an event loop, which lives as long as this does."""

    completed = 0

    def __init__(self) -> None:
        self._runner = asyncio.Runner()

    def handle(self, wire: Wire, trial: Trial) -> Answer:
        return self._runner.run(self._ask(wire))

    async def _ask(self, wire: Wire) -> Answer:
        response = await AsyncClient(raise_request_exception=False).generic(**arguments(wire))
        if response.streaming and response.is_async:
            body = b"".join([part async for part in response])
            return Answer(response.status_code, headers_of(response), body)
        return await sync_to_async(answer_of)(response)


class ByServer:
    """A uvicorn in a thread, asked over a socket."""

    completed = 0

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(
            _asgi_application(), loop="asyncio", ws="none", log_level="warning", access_log=False
        )
        self._server = uvicorn.Server(config)
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        self._loop.run_until_complete(self._server.serve([self._socket]))

    def handle(self, wire: Wire, trial: Trial) -> Answer:
        connection = http.client.HTTPConnection(*self._socket.getsockname(), timeout=20)
        target = f"{wire.path}?{wire.query}" if wire.query else wire.path
        connection.request(wire.method, target, wire.body, dict(wire.headers))
        response = connection.getresponse()
        answer = Answer(response.status, tuple(response.getheaders()), response.read())
        connection.close()
        asyncio.run_coroutine_threadsafe(self._is_done(), self._loop).result()
        return answer

    async def _is_done(self) -> None:
        """Wait until the request is over, and what it left to be done later."""
        await asyncio.gather(*self._server.server_state.tasks)
        await _drain()


WAYS = {"client": ByClient, "async client": ByAsyncClient, "server": ByServer}


def arguments(wire: Wire) -> dict[str, Any]:
    """The request as both of Django's clients take it."""
    headers = dict(wire.headers)
    return {
        "method": wire.method,
        "path": f"{wire.path}?{wire.query}" if wire.query else wire.path,
        "data": wire.body,
        "content_type": headers.get("content-type", ""),
        "headers": {name: headers[name] for name in headers.keys() - OF_THE_CLIENT},
    }


def answer_of(response: Any) -> Answer:
    """The response, read to its end."""
    body = response.getvalue() if response.streaming else response.content
    return Answer(response.status_code, headers_of(response), body)


def headers_of(response: Any) -> tuple[tuple[str, str], ...]:
    """All headers, each cookie one of its own."""
    cookies = [("Set-Cookie", morsel.OutputString()) for morsel in response.cookies.values()]
    return (*response.items(), *cookies)

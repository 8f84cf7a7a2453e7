"""A minimal ASGI client: calls an application in this process, on the running loop."""

import asyncio
from dataclasses import dataclass, field


@dataclass
class Answer:
    status: int = 0
    headers: list = field(default_factory=list)
    parts: list = field(default_factory=list)

    @property
    def body(self):
        return b"".join(self.parts)

    def cookie(self, name):
        for key, value in self.headers:
            if key.lower() == b"set-cookie" and value.startswith(name.encode() + b"="):
                return value.decode().split(";")[0].partition("=")[2]
        return None


class Client:
    """Sends requests; keeps cookies. ``disconnect`` is set to have the client go away."""

    def __init__(self, app):
        self.app = app
        self.cookies = {}

    async def get(self, path, *, disconnect=None, on_part=None):
        answer = Answer()
        sent = False

        async def receive():
            nonlocal sent
            if not sent:
                sent = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await (disconnect or asyncio.Event()).wait()
            return {"type": "http.disconnect"}

        async def send(message):
            if message["type"] == "http.response.start":
                answer.status, answer.headers = message["status"], message["headers"]
            elif message.get("body"):
                answer.parts.append(message["body"])
                if on_part is not None:
                    on_part(answer)

        await self.app(self._scope(path), receive, send)
        for name in ("sessionid", "csrftoken"):
            if value := answer.cookie(name):
                self.cookies[name] = value
        return answer

    def _scope(self, path):
        path, _, query = path.partition("?")
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": query.encode(),
            "headers": [(b"host", b"testserver"), (b"cookie", cookies.encode())],
            "client": ("127.0.0.1", 1),
            "server": ("testserver", 80),
        }

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
        return await self.request("GET", path, disconnect=disconnect, on_part=on_part)

    async def request(self, method, path, form=None, *, disconnect=None, on_part=None):
        answer = Answer()
        sent = False

        async def receive():
            nonlocal sent
            if not sent:
                sent = True
                return {"type": "http.request", "body": form or b"", "more_body": False}
            await (disconnect or asyncio.Event()).wait()
            return {"type": "http.disconnect"}

        async def send(message):
            if message["type"] == "http.response.start":
                answer.status, answer.headers = message["status"], message["headers"]
            elif message.get("body"):
                answer.parts.append(message["body"])
                if on_part is not None:
                    on_part(answer)

        await self.app(self._scope(method, path, form), receive, send)
        for key, value in answer.headers:
            if key.lower() == b"set-cookie":
                name, _, content = value.decode().split(";")[0].partition("=")
                self.cookies[name] = content
        return answer

    def _scope(self, method, path, form):
        path, _, query = path.partition("?")
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = [(b"host", b"testserver"), (b"cookie", cookies.encode())]
        if form is not None:
            headers.append((b"content-type", b"application/x-www-form-urlencoded"))
            headers.append((b"content-length", str(len(form)).encode()))
        if "csrftoken" in self.cookies:
            headers.append((b"x-csrftoken", self.cookies["csrftoken"].encode()))
        return {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("testserver", 80),
        }

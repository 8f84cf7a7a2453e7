"""The host that the project's views ask: each path is answered by its own rule."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Upstream(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        sent = self.rfile.read(int(self.headers.get("content-length", 0)))
        kind, _, rest = self.path.strip("/").partition("/")
        match kind:
            case "missing" | "broken" | "busy":
                self._answer({"missing": 404, "broken": 500, "busy": 503}[kind], b"no")
            case "moved":
                self._answer(302, b"", location=f"/price/{rest}")
            case "text":
                self._answer(200, b"not JSON")
            case "echo":
                self._answer(200, b'{"sent": "%s"}' % sent.replace(b'"', b"'"))
            case _:
                self._answer(200, b'{"price": %d}' % len(self.path), kind="application/json")

    do_POST = do_GET  # noqa: N815  # the name that http.server looks for

    def _answer(
        self, status: int, body: bytes, kind: str = "text/plain", location: str = ""
    ) -> None:
        self.send_response(status)
        if location:
            self.send_header("location", location)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nobody reads it."""


@contextmanager
def upstream() -> Iterator[str]:
    """The address of the host, which is up in the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Upstream)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()

"""The other companies' APIs as a local HTTP server in a thread."""

import threading
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import upstream


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        path = urlsplit(self.path).path
        headers = {name.lower().encode(): value.encode() for name, value in self.headers.items()}
        self.server.asked.append(self.path)
        answer = self.server.answers.get(path) or upstream.respond(path, headers)
        status, content_type, body = answer
        self.send_response(status)
        self.send_header("Content-Type", content_type.decode())
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Quiet: a failing test says enough."""


class UpstreamServer(ThreadingHTTPServer):
    """Answers as ``upstream.py`` does, unless a test puts another answer in ``answers``.

    ``asked`` lists the paths that were requested, with their query strings.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.reset()

    def reset(self):
        self.asked = []
        self.answers = {}

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


@cache
def running_server():
    """The one server of this test run; its thread ends with the process."""
    server = UpstreamServer()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server

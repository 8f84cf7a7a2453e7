"""Calls under TLS: verified as requests does it, and never in the way of other tasks."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
import trustme

from django_unblock import http

BODY = b"x" * 300_000


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self._answer(BODY)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that does not trust us hangs up."""


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def bundle(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def serving(context: ssl.SSLContext) -> Iterator[str]:
    with QuietServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"https://localhost:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def url(authority: trustme.CA) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    yield from serving(context)


@pytest.fixture(scope="module")
def url_for_known_clients(authority: trustme.CA) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    yield from serving(context)


@pytest.fixture(autouse=True)
def no_connection_is_left() -> Iterator[None]:
    yield
    asyncio.run(http.close())


def both(call: str, url: str, **keywords: Any) -> None:
    """Ours and requests' must end the same way."""

    def outcome(make: Any) -> tuple[Any, ...]:
        try:
            response = make()
        except (OSError, ValueError) as error:
            return type(error), str(error).split(" at 0x")[0]
        return response.status_code, response.content

    theirs = outcome(lambda: getattr(requests, call)(url, **keywords))
    assert outcome(lambda: asyncio.run(getattr(http, call)(url, **keywords))) == theirs


@pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning")
class TestVerification:
    def test_by_a_bundle(self, url: str, bundle: str) -> None:
        both("get", url, verify=bundle)
        assert asyncio.run(http.get(url, verify=bundle)).content == BODY

    def test_by_a_folder(self, url: str, tmp_path: Path) -> None:
        both("get", url, verify=str(tmp_path))
        with pytest.raises(requests.exceptions.SSLError):
            asyncio.run(http.get(url, verify=str(tmp_path)))

    def test_by_the_environment(
        self, url: str, bundle: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
        both("get", url)
        assert asyncio.run(http.get(url)).ok

    def test_an_unknown_authority(self, url: str) -> None:
        both("get", url)
        with pytest.raises(requests.exceptions.SSLError, match="certificate verify failed"):
            asyncio.run(http.get(url))

    def test_another_host_name(self, url: str, bundle: str) -> None:
        both("get", url.replace("localhost", "127.0.0.1"), verify=bundle)

    def test_none(self, url: str) -> None:
        both("get", url, verify=False)
        assert asyncio.run(http.get(url, verify=False)).ok

    def test_a_bundle_that_is_none(self, url: str, tmp_path: Path) -> None:
        (tmp_path / "bad.pem").write_text("no certificate")
        both("get", url, verify=str(tmp_path / "bad.pem"))


class TestClientCertificates:
    @pytest.fixture(scope="class")
    def cert(
        self, authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory
    ) -> tuple[str, str]:
        folder = tmp_path_factory.mktemp("client")
        issued = authority.issue_cert("client.test")
        issued.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
        issued.private_key_pem.write_to_path(str(folder / "key.pem"))
        return str(folder / "cert.pem"), str(folder / "key.pem")

    def test_a_known_client(
        self, url_for_known_clients: str, bundle: str, cert: tuple[str, str]
    ) -> None:
        both("get", url_for_known_clients, verify=bundle, cert=cert)
        assert asyncio.run(http.get(url_for_known_clients, verify=bundle, cert=cert)).ok

    def test_an_unknown_one(self, url_for_known_clients: str, bundle: str) -> None:
        with pytest.raises(requests.ConnectionError):
            asyncio.run(http.get(url_for_known_clients, verify=bundle))

    def test_a_file_that_is_missing(self, url: str, bundle: str) -> None:
        both("get", url, verify=bundle, cert="/no/such/cert.pem")


def test_a_large_body_goes_both_ways(url: str, bundle: str) -> None:
    both("post", url, data=BODY * 10, verify=bundle)


def test_a_certificate_that_is_renewed_counts(
    url: str, authority: trustme.CA, tmp_path: Path
) -> None:
    """As with requests, which reads the bundle for every connection."""
    path = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(path))
    with pytest.raises(requests.exceptions.SSLError):
        asyncio.run(http.get(url, verify=str(path)))
    authority.cert_pem.write_to_path(str(path))
    assert asyncio.run(http.get(url, verify=str(path))).ok


def test_a_server_that_never_shakes_hands_is_in_nobodys_way() -> None:
    """The call waits for the handshake while another task runs, then ends by its timeout."""

    async def main(port: int) -> list[str]:
        order = []

        async def call() -> None:
            with pytest.raises(requests.Timeout):
                await http.get(f"https://127.0.0.1:{port}/", timeout=0.3)
            order.append("call")

        task = asyncio.create_task(call())
        await asyncio.sleep(0.05)
        order.append("other")
        await task
        return order

    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert asyncio.run(main(silent.getsockname()[1])) == ["other", "call"]


async def tunnelling(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """An HTTP proxy that knows CONNECT."""
    host, port = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode().split(":")
    far_reader, far_writer = await asyncio.open_connection(host, int(port))
    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")

    async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
        target.close()

    await asyncio.gather(copy(reader, far_writer), copy(far_reader, writer))


def test_through_a_proxy(url: str, bundle: str) -> None:
    async def main() -> list[bytes]:
        proxy = await asyncio.start_server(tunnelling, "127.0.0.1", 0)
        port = proxy.sockets[0].getsockname()[1]
        keywords: dict[str, Any] = {
            "verify": bundle,
            "proxies": {"https": f"http://127.0.0.1:{port}"},
        }
        async with proxy:
            got = [(await http.get(url, **keywords)).content for _ in range(2)]
            await http.close()
            return got

    assert asyncio.run(main()) == [BODY, BODY]


def test_a_socks_proxy_says_what_to_do(url: str) -> None:
    with pytest.raises(RuntimeError, match=r"R107: .*offload"):
        asyncio.run(http.get(url, proxies={"https": "socks5://127.0.0.1:9"}))

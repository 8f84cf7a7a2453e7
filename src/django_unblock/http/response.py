"""A response that reads like one of `requests`."""

import codecs
import json
from collections.abc import AsyncIterator, Generator, Iterator
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

import httpx

from django_unblock import bridge
from django_unblock.errors import BridgeError
from django_unblock.http.cookies import Cookies
from django_unblock.http.errors import reading
from django_unblock.http.exceptions import HTTPError, JSONDecodeError, StreamConsumedError
from django_unblock.http.headers import Headers, received
from django_unblock.http.prepare import Prepared
from django_unblock.http.text import Lines, declared_encoding, guessed_encoding, parse_links

REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Response:
    """What a call brought back: the attributes and methods of `requests.Response`.

    A streamed response (`stream=True`) is read as it arrives by `iter_content` and its like where
    the bridge is underneath (a view served by our ASGI application), and by `aiter_content`,
    `aiter_lines` and `aread` anywhere.
    """

    def __init__(
        self,
        request: Prepared,
        source: httpx.Response,
        cookies: Cookies,
        elapsed: timedelta,
    ) -> None:
        self.request = request
        self.url = request.url
        self.status_code = source.status_code
        self.reason = source.extensions.get("reason_phrase", b"").decode("latin-1")
        self.headers: Headers[str] = received(source.headers.raw)
        self.cookies = cookies
        self.elapsed = elapsed
        self.history: list[Response] = []
        self.encoding = declared_encoding(self.headers.get("Content-Type"))
        self._source = source
        self._body: bytes | None = None

    def __repr__(self) -> str:
        return f"<Response [{self.status_code}]>"

    def __bool__(self) -> bool:
        return self.ok

    def __iter__(self) -> Iterator[bytes]:
        return self.iter_content(128)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()

    @property
    def ok(self) -> bool:
        """Whether the status is neither a client's (4xx) nor a server's (5xx) error."""
        return not 400 <= self.status_code < 600

    @property
    def is_redirect(self) -> bool:
        """Whether the response sends the caller elsewhere."""
        return "Location" in self.headers and self.status_code in REDIRECTS

    @property
    def is_permanent_redirect(self) -> bool:
        """Whether the response sends the caller elsewhere for good."""
        return "Location" in self.headers and self.status_code in (301, 308)

    @property
    def links(self) -> dict[str, dict[str, str]]:
        """The `Link` header's links by their `rel`, or by their URL where they have none."""
        links = parse_links(self.headers.get("Link", ""))
        return {link.get("rel") or link["url"]: link for link in links}

    def raise_for_status(self) -> None:
        """Raise `HTTPError` if the status is 4xx or 5xx."""
        if not self.ok:
            side = "Client" if self.status_code < 500 else "Server"
            message = f"{self.status_code} {side} Error: {self.reason} for url: {self.url}"
            raise HTTPError(message, response=self)  # type: ignore[arg-type,unused-ignore]

    @property
    def content(self) -> bytes:
        """The body, decompressed.

        Raises:
            BridgeError: the response is streamed, not read yet, and there is no bridge to wait in
                (R106).
        """
        if self._body is None:
            return bridge.wait(self.aread()) if bridge.inside() else self._cannot_wait("content")
        return self._body

    async def aread(self) -> bytes:
        """Read the body to its end, if that was not done before, and return it."""
        if self._body is None:
            self._check_unread()
            with reading(self.request):
                self._body = await self._source.aread()
        return self._body

    async def aclose(self) -> None:
        """Give the connection back without reading the rest of the body."""
        if self._body is None:
            await self._source.aclose()

    def close(self) -> None:
        """Give the connection back without reading the rest of the body."""
        if self._body is None and not self._source.is_closed:
            if bridge.inside():
                bridge.wait(self._source.aclose())
            else:
                self._cannot_wait("close")

    @property
    def text(self) -> str:
        """The body as text: in `encoding`, or in a guessed one where that is None."""
        try:
            return str(
                self.content, self.encoding or self.apparent_encoding or "utf-8", errors="replace"
            )
        except (LookupError, TypeError):
            return str(self.content, errors="replace")

    @property
    def apparent_encoding(self) -> str | None:
        """The encoding that the body seems to be in."""
        return guessed_encoding(self.content)

    def json(self, **kwargs: Any) -> Any:
        """The body read as JSON; `kwargs` go to `json.loads`.

        Raises:
            JSONDecodeError: the body is not JSON.
        """
        try:
            return json.loads(self._json_text(), **kwargs)
        except json.JSONDecodeError as error:
            raise JSONDecodeError(error.msg, error.doc, error.pos) from error

    def _json_text(self) -> str:
        if self.encoding is None and len(self.content) > 3:
            try:
                return self.content.decode(json.detect_encoding(self.content))
            except UnicodeDecodeError:
                return self.text
        return self.text

    def iter_content(
        self, chunk_size: int | None = 1, decode_unicode: bool = False
    ) -> Iterator[Any]:
        """The body in pieces of `chunk_size` bytes, as text where `decode_unicode` asks for it."""
        chunks = self._stream(chunk_size) if self._body is None else self._slices(chunk_size)
        return self._decoded(chunks) if decode_unicode and self.encoding else chunks

    def iter_lines(
        self, chunk_size: int = 512, decode_unicode: bool = False, delimiter: Any = None
    ) -> Iterator[Any]:
        """The body line by line, without the line ends."""
        lines = Lines(delimiter)
        for chunk in self.iter_content(chunk_size, decode_unicode):
            yield from lines.feed(chunk)
        yield from lines.rest()

    async def aiter_content(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """The body in pieces of `chunk_size` bytes, or as they arrive; awaited anywhere."""
        if self._body is not None:
            for chunk in self._slices(chunk_size):
                yield chunk
            return
        self._check_unread()
        with reading(self.request):
            async for chunk in self._source.aiter_bytes(chunk_size):
                yield chunk

    async def aiter_lines(self, delimiter: bytes | None = None) -> AsyncIterator[bytes]:
        """The body line by line as it arrives, without the line ends."""
        lines = Lines(delimiter)
        async for chunk in self.aiter_content():
            for line in lines.feed(chunk):
                yield line
        for line in lines.rest():
            yield line

    def _slices(self, size: int | None) -> Iterator[bytes]:
        body = self.content
        step = size or len(body) or 1
        return (body[start : start + step] for start in range(0, len(body), step))

    def _stream(self, size: int | None) -> Generator[bytes]:
        self._check_unread()
        if not bridge.inside():
            self._cannot_wait("iter_content")
        chunks = self.aiter_content(size)
        while (chunk := bridge.wait(anext(chunks, None))) is not None:
            yield chunk

    def _decoded(self, chunks: Iterator[bytes]) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self.encoding or "utf-8")(errors="replace")
        yield from (text for chunk in chunks if (text := decoder.decode(chunk)))
        if rest := decoder.decode(b"", final=True):
            yield rest

    def _check_unread(self) -> None:
        if self._source.is_stream_consumed:
            raise StreamConsumedError

    def _cannot_wait(self, name: str) -> Any:
        raise BridgeError(
            "R106",
            f"`{name}` of a streamed response needs the bridge (a view served by "
            "django_unblock.asgi) to wait for the rest of the body. Here, use `await "
            "response.aread()`, `async for chunk in response.aiter_content()` or "
            "`await response.aclose()`.",
        )

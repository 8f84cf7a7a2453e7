"""The load generator: `python -m benchmarks.runtime.load PORT PATH CLIENTS WARMUP SECONDS`.

Closed loop: each client keeps one connection, waits for its answer and asks again at once. `{}` in
the path is the client's number. Prints a line when the measured time begins, and one with the
`Load`, as JSON, when it ends.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass, field

import uvloop

from unblocker.services.ports import LOOPBACK

BEGINS = "begins"


@dataclass
class Load:
    """What the clients saw in the measured time.

    Attributes:
        seconds: its length.
        client_cpu: the load generator's own CPU time in it, in seconds.
        latencies_ms: of each answer, until its last byte.
    """

    seconds: float = 0.0
    client_cpu: float = 0.0
    latencies_ms: list[float] = field(default_factory=list)


class Client:
    """Asks for one page, over and over, until cancelled."""

    def __init__(self, port: int, path: str, load: Load) -> None:
        self._port = port
        self._request = f"GET {path} HTTP/1.1\r\nHost: {LOOPBACK}\r\n\r\n".encode()
        self._load = load

    async def run(self) -> None:
        """Ask; where the server closes the connection, make another."""
        while True:
            reader, writer = await asyncio.open_connection(LOOPBACK, self._port)
            try:
                while await self._is_kept_after_answer(reader, writer):
                    pass
            finally:
                writer.close()

    async def _is_kept_after_answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        asked = time.perf_counter()
        writer.write(self._request)
        status, *lines = (await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
        headers = dict(line.split(b": ", 1) for line in lines if line)
        body = await reader.readexactly(int(headers[b"content-length"]))
        self._load.latencies_ms.append((time.perf_counter() - asked) * 1000)
        if b" 200 " not in status:
            raise RuntimeError(f"The server answered {status!r}: {body[:500]!r}")
        return headers.get(b"connection") != b"close"


async def run(port: int, path: str, clients: int, warmup: float, seconds: float) -> Load:
    """Put the load on the port; raises what the first failing client raises."""
    load = Load()
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(Client(port, path.format(number + 1), load).run())
            for number in range(clients)
        ]
        await asyncio.sleep(warmup)
        print(BEGINS, flush=True)  # noqa: T201 - to the process that started this one
        load.latencies_ms.clear()
        began, cpu = time.perf_counter(), time.process_time()
        await asyncio.sleep(seconds)
        load.seconds = time.perf_counter() - began
        load.client_cpu = time.process_time() - cpu
        for task in tasks:
            task.cancel()
    return load


def main() -> None:
    """Run the load that the command line asks for."""
    port, path, clients, warmup, seconds = sys.argv[1:]
    load = uvloop.run(run(int(port), path, int(clients), float(warmup), float(seconds)))
    print(json.dumps(asdict(load)))  # noqa: T201


if __name__ == "__main__":
    main()

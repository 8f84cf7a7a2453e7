"""The load generator: Locust, in a process of its own because gevent patches everything in it.

`python -m unblocker.measure.locust_client PORT` listens on loopback and runs one job after the
other: a line of JSON comes in (`load.Job`), its samples go to the job's file, and a line of JSON
goes out (`load.Outcome`). Closed loop: each client waits for its answer and asks again at once.
"""

import locust  # first: it patches the standard library

# isort: split
import itertools
import socket
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import gevent
import msgspec
from gevent.event import Event
from locust.env import Environment
from locust.exception import StopUser

from unblocker.measure.load import Job, Outcome
from unblocker.measure.percentiles import Sample
from unblocker.services.ports import LOOPBACK


class Recorder:
    """Takes down every request of a job, and says when the clients are warm or done."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._samples: list[Sample] = []
        self._answers: dict[int, int] = {}
        self.all_answered = Event()
        self.all_finished = Event()

    def note(self, *, context: dict[str, int], start_time: float, **request: Any) -> None:
        """Take down one answer or failure; Locust's `request` event."""
        error, response = request["exception"], request["response"]
        status = response.status_code if response is not None else 0
        sample = Sample(
            start_time,
            request["response_time"],
            status,
            request["response_length"],
            str(error) if error and not status else "",
        )
        self._samples.append(sample)
        client = context["client"]
        self._answers[client] = self._answers.get(client, 0) + 1
        if len(self._answers) == self._job.clients:
            self.all_answered.set()
            if min(self._answers.values()) >= (self._job.requests_each or sys.maxsize):
                self.all_finished.set()

    def ended_between(self, opens: float, closes: float) -> list[Sample]:
        """The samples that ended in that time, their starts relative to its opening."""
        return [
            replace(sample, start_s=round(sample.start_s - opens, 6), ms=round(sample.ms, 3))
            for sample in self._samples
            if opens <= sample.start_s + sample.ms / 1000 <= closes
        ]


def client_class(job: Job) -> type[locust.FastHttpUser]:
    """The client that sends the job's request, over and over, exactly as it was prepared."""
    numbers = itertools.count()
    request = job.request
    body: Any = request.body or None  # bytes, which Locust's annotation leaves out

    class Client(locust.FastHttpUser):
        host = f"http://{LOOPBACK}:{job.port}"
        wait_time = locust.constant(0)
        network_timeout = connection_timeout = job.timeout_s

        def on_start(self) -> None:
            self.number = next(numbers)
            self.left = job.requests_each
            self.client.client.cookiejar = None

        def context(self) -> dict[str, int]:
            return {"client": self.number}

        @locust.task
        def ask(self) -> None:
            self.client.request(
                request.method,
                request.path,
                data=body,
                headers=request.headers,
                allow_redirects=False,
            )
            if self.left is not None:
                self.left -= 1
                if not self.left:
                    raise StopUser

        def on_stop(self) -> None:
            self.client.client.close()

    return Client


def run(job: Job) -> Outcome:
    """Put the job's load on the server, write its samples, say how long the measured time was."""
    recorder = Recorder(job)
    environment = Environment(user_classes=[client_class(job)])
    requests: Any = environment.events.request  # not annotated by Locust
    requests.add_listener(recorder.note)
    runner = environment.create_local_runner()
    opens, cpu, settled = time.time(), time.process_time(), True
    runner.start(job.clients, spawn_rate=job.clients)
    if job.requests_each:
        recorder.all_finished.wait(job.timeout_s * (job.requests_each + 1))
    else:
        gevent.sleep(job.warmup_s)
        settled = recorder.all_answered.wait(max(0.0, job.settle_s - job.warmup_s))
        opens, cpu = time.time(), time.process_time()
        gevent.sleep(job.seconds)
    closes, cpu = time.time(), time.process_time() - cpu
    runner.quit()
    samples = recorder.ended_between(opens, closes)
    write(samples, Path(job.samples))
    return Outcome(closes - opens, client_cpu=cpu / (closes - opens), settled=settled)


def write(samples: list[Sample], path: Path) -> None:
    """One sample a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.Encoder().encode_lines(samples))


def serve(port: int) -> None:
    """Take jobs, one at a time, until killed."""
    with socket.create_server((LOOPBACK, port)) as server:
        while True:
            connection, _ = server.accept()
            with connection, connection.makefile("rwb") as stream:
                for line in stream:
                    outcome = run(msgspec.json.decode(line, type=Job))
                    stream.write(msgspec.json.encode(outcome) + b"\n")
                    stream.flush()


if __name__ == "__main__":
    serve(int(sys.argv[1]))

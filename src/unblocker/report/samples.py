"""Reads the raw samples that a measurement keeps in files beside it."""

from pathlib import Path

import msgspec

from unblocker.errors import UnblockError
from unblocker.records.measurement import Measurement
from unblocker.records.report import SampleSet


class _Sample(msgspec.Struct):
    ms: float
    status: int
    error: str = ""


def read_samples(measurement: Measurement, folder: Path) -> tuple[SampleSet, ...]:
    """The latencies of each run's successful requests; `folder` is the one the measurement was made in.

    A run whose file is gone is left out: the report then has no plot of it.

    Raises:
        UnblockError: a file holds something other than samples (U080).
    """
    return tuple(
        SampleSet(run.samples, _latencies(folder / run.samples))
        for run in measurement.runs
        if (folder / run.samples).is_file()
    )


def _latencies(path: Path) -> tuple[float, ...]:
    try:
        samples = msgspec.json.Decoder(_Sample).decode_lines(path.read_bytes())
    except msgspec.DecodeError as error:
        raise UnblockError(
            "U080",
            f"{path} does not hold raw samples: {error}",
            hint="Run `django-unblock bench` again.",
        ) from None
    return tuple(sample.ms for sample in samples if not sample.error and 200 <= sample.status < 400)

"""The requests that were found in the traffic and not made, told in words."""

from collections.abc import Iterator

from unblocker.records.evidence import Evidence
from unblocker.report.figures import plural


def left_out_told(evidence: Evidence) -> Iterator[str]:
    """A line a reason."""
    for one in evidence.left_out:
        yield f"Left out of the traffic: {plural(one.requests, 'request')}: {one.reason}."

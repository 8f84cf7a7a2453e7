"""The part of a page of the docs that a tool writes: what stands between two marks."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Marks:
    """The lines, each once in the page or the first after `start`, between which the tool writes."""

    start: str
    end: str


FIGURES = Marks("<!-- figures -->", "<!-- end of figures -->")
LAST_RUN = Marks("<!-- result of the last run: start -->", "<!-- end -->")


def write_between(page: Path, marks: Marks, lines: Iterable[str]) -> None:
    """Put the lines between the page's marks, in place of what stands there.

    Raises:
        ValueError: the page lacks one of the marks; it is left as it is.
    """
    before, started, rest = page.read_text(encoding="utf-8").partition(f"{marks.start}\n")
    _, ended, after = rest.partition(f"{marks.end}\n")
    if not (started and ended):
        raise ValueError(f"{page} has no line {marks.end if started else marks.start}")
    text = "\n".join(lines).strip("\n")
    page.write_text(f"{before}{started}\n{text}\n\n{ended}{after}", encoding="utf-8")

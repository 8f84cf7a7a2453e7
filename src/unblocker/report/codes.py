"""What the docs say about a code: the pages of docs/codes, from the installed package or the source tree."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CodePage:
    """One page: the title without the code, and the Markdown of each section by its heading."""

    code: str
    title: str
    sections: dict[str, str]


def code_page(code: str) -> CodePage | None:
    """The page of `code`, or None where there is none."""
    for folder in _folders():
        page = folder / f"{code}.md"
        if page.is_file():
            return parse(code, page.read_text(encoding="utf-8"))
    return None


def parse(code: str, markdown: str) -> CodePage:
    """The page that `markdown` holds: `# U123: title`, then sections headed by `## …`."""
    head, *rest = _HEADING.split(markdown)
    title = head.partition("\n")[0].removeprefix("# ").removeprefix(code).removeprefix(":").strip()
    bodies = (body.strip() for body in rest[1::2])
    return CodePage(code, title, dict(zip(rest[::2], bodies, strict=True)))


@cache
def _folders() -> tuple[Traversable, ...]:
    """Where the pages are: beside the package when installed, in docs/ when run from the source tree."""
    package = files("unblocker")
    return (package / "codes", Path(str(package)).parents[1] / "docs" / "codes")

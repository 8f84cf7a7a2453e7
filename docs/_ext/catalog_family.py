"""The directive `{catalog-family} NAME`: what the catalog says of a family, read from the catalog itself."""

from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from unblocker.catalog import BUILT_IN
from unblocker.catalog.base import Entry, Example, Family

FAMILIES = {family.name: family for family in BUILT_IN}
FORMS = {
    "method": "`await ….{becomes}(…)`",
    "function": "`await {becomes}(…)`",
    "twin": "`await` its async twin",
    "unblock": "`await unblock(…)(…)`",
    "offload": "`await offload(…)(…)`",
    "background": "`background(…)`",
}


class CatalogFamily(SphinxDirective):
    """Replaced by the family's summary, a table of its entries, and its examples."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The nodes; an unknown family is an error of the build."""
        family = FAMILIES.get(self.arguments[0])
        if family is None:
            raise self.error(f"the catalog has no family {self.arguments[0]!r}")
        return self.parse_text_to_nodes("\n".join(markdown(family)))


def markdown(family: Family) -> Iterator[str]:
    """The family as lines of Markdown."""
    yield from (family.summary, "", "| call | converted | reads | writes |", "|---|---|---|---|")
    yield from (_row(entry) for entry in family.entries)
    remarks: dict[str, list[str]] = {}
    for entry in family.entries:
        if entry.differs:
            remarks.setdefault(entry.differs, []).append(f"`{entry.name}`")
    if remarks:
        yield from _heading("Remarks")
        yield from (f"* {', '.join(names)}: {text}" for text, names in remarks.items())
    examples = [(entry, example) for entry in family.entries for example in entry.examples]
    if examples:
        yield from _heading("Examples")
        for entry, example in examples:
            yield from _example(entry, example)


def _heading(text: str) -> Iterator[str]:
    yield from ("", "```{rubric} " + text, "```", "")


def _row(entry: Entry) -> str:
    shown = {call.rpartition(".")[2]: ".".join(call.split(".")[-2:]) for call in entry.calls[::-1]}
    names = [f"`{call.removeprefix('builtins.')}`" for call in reversed(shown.values())]
    calls = ", ".join(names) or f"({entry.name.replace('_', ' ')})"
    return f"| {calls} | {_converted(entry)} | {_listed(entry.reads)} | {_listed(entry.writes)} |"


def _converted(entry: Entry) -> str:
    if entry.form is None:
        return "builds a query, does no I/O" if entry.lazy else "stays"
    since = f", since {entry.since}" if entry.since else ""
    return FORMS[entry.form].format(becomes=entry.becomes) + since


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names)


def _example(entry: Entry, example: Example) -> Iterator[str]:
    yield from (f"`{entry.name}`", "", "```python", example.before, "```", "")
    if example.after == example.before:
        yield from (f"is left alone: {example.why}", "")
    else:
        yield from ("becomes", "", "```python", example.after, "```", "")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("catalog-family", CatalogFamily)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

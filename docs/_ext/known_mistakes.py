"""The directive `{known-mistakes}`: what `explain` knows, with an example of each, read from the knowledge itself."""

from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from unblocker.explain.knowledge import ENTRIES
from unblocker.explain.knowledge.base import Entry, Example


class KnownMistakes(SphinxDirective):
    """Replaced by a part for each entry: its code, and its examples with what is found in them."""

    def run(self) -> list[nodes.Node]:
        """The nodes."""
        lines = [line for entry in ENTRIES.values() for line in _entry(entry)]
        return self.parse_text_to_nodes("\n".join(lines))


def _entry(entry: Entry) -> Iterator[str]:
    yield from (f"**[{entry.code}](codes/{entry.code}.md)** {entry.title}", "")
    for example in entry.examples:
        yield from _example(example)
    yield ""


def _example(example: Example) -> Iterator[str]:
    fix = f" → `{example.fix}`" if example.fix else ""
    yield f"* `{example.expression}`{fix}"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("known-mistakes", KnownMistakes)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}

"""Write what the docs show of the linter's rules from the rules: `python -m tools.lint_pages`.

It fills the section *Example* of each rule's page in docs/codes, and the table of docs/linting.md.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from unblocker.survey.lint.rule import BOTH, Example, Rule
from unblocker.survey.lint.rules import RULES

DOCS = Path(__file__).parents[1] / "docs"
LINTING = DOCS / "linting.md"

SECTION = re.compile(r"(?<=\n## Example\n\n).*?(?=\n\n## )", re.DOTALL)
TABLE = re.compile(r"\| code \| finds \| runtime \|\n(\|.*\n)*")


def page_of(rule: Rule) -> Path:
    """The rule's page."""
    return DOCS / "codes" / f"{rule.code}.md"


def with_examples(text: str, rule: Rule) -> str:
    """The page's text, its examples those of the rule."""
    shown = "\n".join(example_lines(rule)).strip()
    return SECTION.sub(lambda _: shown, text)


def example_lines(rule: Rule) -> Iterator[str]:
    """All examples, those that are reported first."""
    yield from _block("Reported:", rule.invalid)
    yield from _block("Not reported:", rule.valid)


def _block(title: str, examples: Iterable[Example]) -> Iterator[str]:
    yield from (title, "")
    for example in examples:
        yield "```python"
        if example.settings:
            yield from (f"# settings: {line}" for line in example.settings.splitlines())
        yield from (example.code.rstrip(), "```", "")


def with_table(text: str) -> str:
    """The page about linting, its table that of the rules."""
    rows = ["| code | finds | runtime |", "|---|---|---|"]
    for rule in sorted(RULES, key=lambda rule: rule.code):
        where = "both" if rule.runtimes == BOTH else "stock Django"
        rows.append(f"| [{rule.code}](codes/{rule.code}.md) | {rule.title} | {where} |")
    shown = "".join(f"{row}\n" for row in rows)
    return TABLE.sub(lambda _: shown, text)


def main() -> None:
    """Write the pages."""
    for rule in RULES:
        page = page_of(rule)
        page.write_text(with_examples(page.read_text(encoding="utf-8"), rule), encoding="utf-8")
    LINTING.write_text(with_table(LINTING.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()

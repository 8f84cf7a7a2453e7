"""Every code that the tool can show has its page, and every page is about a code that it can show."""

import ast
import re
from pathlib import Path

import pytest

from unblocker.report.codes import parse

ROOT = Path(__file__).parents[3]
PAGES = [page for page in sorted((ROOT / "docs" / "codes").glob("*.md")) if page.stem != "index"]
CODE = re.compile(r"(U\d{3}|R\d{3}|unblock\.[EW]\d{3})(: .*)?", re.DOTALL)
SECTIONS = ["What it is", "Why", "Example", "What to do"]


def codes_in(source):
    """The codes that are a literal of their own, or that a message starts with."""
    texts = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    found = (CODE.fullmatch(text) for text in texts if isinstance(text, str))
    return {match[1] for match in found if match}


def codes_in_tree(package="."):
    files = (ROOT / "src" / package).rglob("*.py")
    return set().union(*(codes_in(file.read_text(encoding="utf-8")) for file in files))


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ('raise Error("U123", "see U124")  # U125', {"U123"}),
        ('raise TypeError(f"R123: {name} is none")', {"R123"}),
        ('check("unblock.W123", hint="see unblock.W124")', {"unblock.W123"}),
        ('"""It raises R123."""', set()),
    ],
)
def test_a_code_is_found_as_a_literal_and_not_in_prose(source, codes):
    assert codes_in(source) == codes


def test_codes_and_pages_are_the_same_set():
    codes = codes_in_tree()
    assert {"U080", "R101", "R301", "unblock.E001"} <= codes
    assert {page.stem for page in PAGES} == codes


def test_the_tool_has_its_codes_and_the_runtime_its_own():
    assert {code[0] for code in codes_in_tree("unblocker")} == {"U"}
    assert {code[0] for code in codes_in_tree("django_unblock")} == {"R", "u"}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_has_its_title_and_four_sections(path):
    text = path.read_text(encoding="utf-8")
    page = parse(path.stem, text)
    assert text.startswith(f"# {path.stem}: ")
    assert page.title
    assert list(page.sections) == SECTIONS
    assert all(page.sections.values())

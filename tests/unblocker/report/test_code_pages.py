"""Every code that the tool can show has its page, and every page is about a code that it can show."""

import ast
import re
from pathlib import Path

import pytest

from unblocker.report.codes import parse

ROOT = Path(__file__).parents[3]
PAGES = sorted((ROOT / "docs" / "codes").glob("U*.md"))
CODE = re.compile(r"U\d{3}")
SECTIONS = ["What it is", "Why", "Example", "What to do"]


def codes_in(source):
    return {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value)
    }


def codes_in_tree(package="."):
    files = (ROOT / "src" / package).rglob("*.py")
    return set().union(*(codes_in(file.read_text(encoding="utf-8")) for file in files))


def test_a_code_is_found_as_a_literal_and_not_in_prose():
    assert codes_in('raise Error("U123", "see U124")  # U125') == {"U123"}


def test_codes_and_pages_are_the_same_set():
    codes = codes_in_tree()
    assert "U080" in codes
    assert {page.stem for page in PAGES} == codes


def test_a_code_means_one_thing_in_tool_and_runtime():
    assert codes_in_tree("unblocker") & codes_in_tree("django_unblock") == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_has_its_title_and_four_sections(path):
    text = path.read_text(encoding="utf-8")
    page = parse(path.stem, text)
    assert text.startswith(f"# {path.stem}: ")
    assert page.title
    assert list(page.sections) == SECTIONS
    assert all(page.sections.values())

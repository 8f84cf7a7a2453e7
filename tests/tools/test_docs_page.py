from pathlib import Path

import pytest

from tools.docs_page import Marks, write_between

MARKS = Marks("<!-- here -->", "<!-- end -->")


def written(page: Path, text: str, *lines: str) -> str:
    page.write_text(text, encoding="utf-8")
    write_between(page, MARKS, lines)
    return page.read_text(encoding="utf-8")


def test_what_stood_between_the_marks_is_replaced_and_the_rest_is_kept(tmp_path: Path) -> None:
    page = "# Über\n<!-- here -->\nold\nolder\n<!-- end -->\nafter\n"
    told = written(tmp_path / "page.md", page, "| ä |", "|---|")
    assert told == "# Über\n<!-- here -->\n\n| ä |\n|---|\n\n<!-- end -->\nafter\n"


def test_writing_the_same_once_more_changes_nothing(tmp_path: Path) -> None:
    once = written(tmp_path / "page.md", "<!-- here -->\n<!-- end -->\n", "new")
    assert written(tmp_path / "page.md", once, "new") == once


def test_only_the_part_behind_its_own_start_is_written(tmp_path: Path) -> None:
    page = "<!-- other -->\nkept\n<!-- end -->\n<!-- here -->\n<!-- end -->\nkept\n<!-- end -->\n"
    told = written(tmp_path / "page.md", page, "new")
    assert told.startswith("<!-- other -->\nkept\n<!-- end -->\n<!-- here -->\n\nnew\n")
    assert told.endswith("<!-- end -->\nkept\n<!-- end -->\n")


@pytest.mark.parametrize("text", ["", "<!-- here -->\n", "<!-- end -->\n<!-- here -->\n"])
def test_a_page_that_lacks_a_mark_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="has no line"):
        write_between(page, MARKS, ["new"])
    assert page.read_text(encoding="utf-8") == text

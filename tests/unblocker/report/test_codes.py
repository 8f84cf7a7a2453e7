from unblocker.report.codes import code_page, parse

PAGE = """\
# U123: a short title

## What it is

First `code`.

Second.

## What to do
Nothing.
"""


def test_a_page_is_read_by_its_headings():
    page = parse("U123", PAGE)
    assert page.title == "a short title"
    assert page.sections == {"What it is": "First `code`.\n\nSecond.", "What to do": "Nothing."}


def test_a_code_of_this_source_tree_has_its_page():
    assert code_page("U101").sections["What it is"]


def test_an_unknown_code_has_none():
    assert code_page("U999") is None

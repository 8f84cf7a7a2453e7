import ast

import pytest

from unblocker.survey.mentions import File, Words, is_test
from unblocker.survey.sources import Source


def mentions(text: str, *words: str) -> list[tuple[str, int, str | None]]:
    """What a module `app.views` mentions of these words: dotted name, line, and the function around it."""
    source = Source("app/views.py", text, ast.parse(text))
    whole = frozenset(f"app.views.{word}" for word in words)
    wanted = Words(frozenset(words), frozenset(words), whole).renamed([text])
    file = File(source, "app.views", wanted, is_package=False)
    return [(one.dotted, one.place.line, one.holder) for one in file.mentions()]


def test_a_name_is_told_with_the_module_that_it_comes_from() -> None:
    text = "from .helpers import load\n\ndef view():\n    return load()\n"
    assert mentions(text, "load") == [("app.helpers.load", 4, "app.views:view")]


def test_a_name_given_by_an_import_counts_for_what_it_stands_for() -> None:
    text = "from helpers import (\n    other,\n    load as fetch,\n)\nfetch()\n"
    assert mentions(text, "load") == [("helpers.load", 5, None)]


def test_a_local_of_the_same_name_is_no_mention() -> None:
    assert mentions("def view(load):\n    return load()\n", "load") == []


def test_an_expression_over_several_lines() -> None:
    text = "import helpers\n\nfound = (\n    helpers\n    .load\n)\n"
    assert mentions(text, "load") == [("helpers.load", 4, None)]


def test_a_decorator_belongs_to_what_is_around_the_function() -> None:
    text = "from helpers import load\n\n@load\ndef view():\n    pass\n"
    assert mentions(text, "load") == [("helpers.load", 3, None)]


def test_a_dotted_text_counts_and_a_word_in_prose_does_not() -> None:
    text = "patch('app.helpers.load')\nnote = 'we load it'\nload_all = 1\n"
    assert mentions(text, "load") == [("app.helpers.load", 1, None)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("shop/tests.py", True),
        ("shop/tests/test_views.py", True),
        ("conftest.py", True),
        ("shop/attest.py", False),
        ("shop/views.py", False),
    ],
)
def test_test_modules(name: str, expected: bool) -> None:
    assert is_test(name) == expected

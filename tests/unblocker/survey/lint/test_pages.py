"""The rules, their files, their pages and the table of docs/linting.md are the same set."""

from pathlib import Path

import pytest

import unblocker.survey.lint.rules
from tools.lint_pages import LINTING, page_of, with_examples, with_table
from unblocker.report.codes import code_page
from unblocker.survey.lint.rule import BOTH, Rule
from unblocker.survey.lint.rules import RULES

FILES = {path.stem for path in Path(unblocker.survey.lint.rules.__file__).parent.glob("*.py")}
EVERYWHERE = "Reported under stock Django and under django-unblock's runtime."
STOCK_ONLY = (
    "Under the engine and the ASGI application of django-unblock it neither fails nor blocks"
)

BY_CODE = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


def test_each_file_has_one_rule_with_a_code_of_its_own() -> None:
    assert len(RULES) == len({rule.code for rule in RULES}) == len(FILES - {"__init__"}) >= 26
    assert all("U302" <= rule.code < "U339" for rule in RULES)


@BY_CODE
def test_a_rule_looks_at_functions_or_at_the_project(rule: Rule) -> None:
    assert (rule.check is None) != (rule.check_project is None)


@BY_CODE
def test_the_page_shows_the_rules_examples(rule: Rule) -> None:
    text = page_of(rule).read_text(encoding="utf-8")
    assert with_examples(text, rule) == text, "run python -m tools.lint_pages"
    assert all(example.code.rstrip() in text for example in (*rule.invalid, *rule.valid))


@BY_CODE
def test_the_page_says_under_which_runtime_it_holds(rule: Rule) -> None:
    page = code_page(rule.code)
    assert page is not None
    assert (EVERYWHERE in page.sections["What it is"]) == (rule.runtimes == BOTH)
    assert (STOCK_ONLY in page.sections["What it is"]) == (rule.runtimes != BOTH)


def test_the_table_lists_the_rules() -> None:
    text = LINTING.read_text(encoding="utf-8")
    assert with_table(text) == text, "run python -m tools.lint_pages"
    assert all(f"[{rule.code}](codes/{rule.code}.md) | {rule.title} |" in text for rule in RULES)

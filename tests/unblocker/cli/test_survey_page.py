"""What the docs show of a survey is what the survey prints of the sample shop."""

import re
import shutil
from pathlib import Path

import pytest

from tests.unblocker.cli.running import environment, run

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "survey.md").read_text(encoding="utf-8")
SHOWN = PAGE.partition("```text\n")[2].partition("```")[0]
VIEW = re.compile(r"^([a-zA-Z]\w+) +[\d,.]+(?: → [\d,.]+)? ms +(?:[\d.]+x)? ", re.MULTILINE)
WHERE = re.compile(r"^  ((?:U\d{3} )+) /\S*  \S+\.py:\d+$", re.MULTILINE)


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    shop = tmp_path_factory.mktemp("sample") / "shop"
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    shutil.copytree(ROOT / "examples" / "shop", shop, ignore=ignored)
    done = run("survey", cwd=shop, env=environment(COLUMNS="80"))
    assert done.returncode == 0, done.stderr
    return done.stdout.replace("python -m unblocker", "django-unblock")


def headings(text):
    """Each part's first line, without its number."""
    return [re.sub(r"\d+", "n", part.splitlines()[0]) for part in text.strip().split("\n\n")[1:]]


def test_the_page_shows_the_parts_that_are_printed(printed):
    assert headings(SHOWN) == headings(printed)


def test_the_page_shows_the_views_in_their_order(printed):
    assert VIEW.findall(SHOWN) == VIEW.findall(printed) != []


def test_every_view_has_its_codes_route_and_place_on_a_second_line(printed):
    for text in (SHOWN, printed):
        assert len(WHERE.findall(text)) == len(VIEW.findall(text))
    assert WHERE.findall(SHOWN) == WHERE.findall(printed)


def test_the_page_shows_what_to_do_next(printed):
    assert SHOWN.partition("\nNext\n")[2] == printed.partition("\nNext\n")[2]


def test_the_head_has_the_form_that_is_shown(printed):
    def form(text):
        return [re.sub(r"[\d.,]+", "n", line) for line in text.splitlines()[:3]]

    assert form(SHOWN) == form(printed)


def test_the_view_that_is_explained_is_one_of_those_shown():
    explained = PAGE.partition("## A view\n\n```text\n")[2].partition("```")[0]
    assert explained in SHOWN

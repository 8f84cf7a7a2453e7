"""The catalog, its files and its docs pages are the same set, and what they name exists."""

import subprocess
import sys
from pathlib import Path

import django
import pytest

import unblocker.catalog
from unblocker.catalog import BUILT_IN, find_entry
from unblocker.catalog.base import Entry, Family, Harmless

PACKAGE = Path(unblocker.catalog.__file__).parent
PAGES = Path(__file__).parents[3] / "docs" / "catalog"
PROJECT = Path(__file__).parents[1] / "testproject"
MADE_AT_RUN_TIME = (
    "django.db.models.manager.RelatedManager",
    "botocore.client.BaseClient.",
    "django.db.backends.utils.CursorWrapper.fetch",
)
SINCE_6_1 = "django.db.models.query.QuerySet.fetch_mode"
ONLY_SOME_BACKENDS = frozenset({"ttl", "keys", "delete_pattern", "lock"})
NOT_THERE = frozenset(
    {
        "django.db.models.query.QuerySet.afilter",
        "requests.fetch",
        "nowhere.at.all",
        "PIL.Image.Image.unblur",
    }
)
_LOOK_UP = """
import importlib, os, sys
sys.path.insert(0, {project!r})
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()

def exists(dotted):
    names = dotted.removesuffix(".*").split(".")
    for length in range(len(names), 0, -1):
        try:
            found = importlib.import_module(".".join(names[:length]))
        except ImportError:
            continue
        for name in names[length:]:
            if name in getattr(found, "__annotations__", ()):
                return True
            if not hasattr(found, name):
                return False
            found = getattr(found, name)
        return True
    return False

for call in sys.stdin.read().split():
    if not exists(call):
        print(call)
"""

BY_NAME = pytest.mark.parametrize("family", BUILT_IN, ids=lambda family: family.name)


def test_files_families_and_pages_are_the_same_set() -> None:
    files = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "base"}
    pages = {path.stem for path in PAGES.glob("*.md")} - {"index"}
    names = {family.name for family in BUILT_IN}
    assert len(names) == len(BUILT_IN) >= 17
    assert names == files == pages


@BY_NAME
def test_the_page_shows_the_family(family: Family) -> None:
    page = (PAGES / f"{family.name}.md").read_text()
    assert page.startswith(f"# {family.title}\n")
    assert f"{{catalog-family}} {family.name}\n" in page


@BY_NAME
def test_every_family_has_an_example_and_says_why_code_is_left(family: Family) -> None:
    examples = [example for entry in family.entries for example in entry.examples]
    assert examples
    for example in examples:
        compile(f"async def view(request):\n{indented(example.after)}", "after", "exec")
        compile(f"def view(request):\n{indented(example.before)}", "before", "exec")
        assert (example.before == example.after) == bool(example.why)


def indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


@BY_NAME
def test_names_are_unique_and_found(family: Family) -> None:
    names = [entry.name for entry in family.entries]
    assert len(set(names)) == len(names)
    for entry in family.entries:
        assert find_entry(f"{family.name}.{entry.name}") is entry


@BY_NAME
def test_a_form_says_what_it_becomes(family: Family) -> None:
    for entry in family.entries:
        needs_name = entry.form in ("method", "function")
        assert bool(entry.becomes) >= needs_name, entry.name
        assert not (entry.lazy and entry.form), entry.name


@pytest.fixture(scope="module")
def missing() -> frozenset[str]:
    """What the catalog names that does not exist, looked up where Django is set up: in a process of its own."""
    calls = {call for family in BUILT_IN for call in named(family)} | NOT_THERE
    script = _LOOK_UP.format(project=str(PROJECT))
    ended = subprocess.run(
        [sys.executable, "-c", script],
        input="\n".join(sorted(calls)),
        capture_output=True,
        text=True,
        check=True,
    )
    return frozenset(ended.stdout.split())


def named(family: Family) -> list[str]:
    items: list[Entry | Harmless] = [*family.entries, *family.harmless]
    calls = [call for item in items for call in item.calls]
    return [call for call in calls if not made_at_run_time(call)]


def made_at_run_time(call: str) -> bool:
    """Whether the library makes it, by relation, service or cache backend, where nothing can look it up."""
    of_a_backend = ".cache." in call and call.rpartition(".")[2] in ONLY_SOME_BACKENDS
    too_new = call == SINCE_6_1 and django.VERSION < (6, 1)
    return call.startswith(MADE_AT_RUN_TIME) or of_a_backend or too_new


@BY_NAME
def test_what_the_catalog_names_exists(family: Family, missing: frozenset[str]) -> None:
    assert [call for call in named(family) if call in missing] == []


def test_the_look_up_finds_what_is_missing(missing: frozenset[str]) -> None:
    assert missing >= NOT_THERE


@pytest.mark.parametrize("name", ["project.call", "unknown.call", "requests.nothing", ""])
def test_what_is_no_entry_is_not_found(name: str) -> None:
    assert find_entry(name) is None

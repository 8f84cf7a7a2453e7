"""Every mistake that is known is explained from the traceback that it really gives."""

from pathlib import Path

import pytest

import unblocker.explain.knowledge
from tests.unblocker.explain.conftest import EXAMPLES, TRACEBACKS, recorded
from tools.tracebacks.recording import record
from unblocker.explain import explain
from unblocker.explain.knowledge import ENTRIES
from unblocker.report.codes import code_page

KNOWLEDGE = Path(unblocker.explain.knowledge.__file__).parent
BY_NAME = pytest.mark.parametrize("name", EXAMPLES)
FIRST_OF_EACH = {
    f"{entry}.{known.examples[0].name}": known.examples[0]
    for entry, known in ENTRIES.items()
    if known.examples[0].run != "postgres"
}
WITHOUT_FRAMES = {"view_returned_coroutine", "never_awaited"}


def test_files_entries_and_tracebacks_are_the_same_sets():
    files = {path.stem for path in KNOWLEDGE.glob("*.py")} - {"__init__", "base"}
    assert files == set(ENTRIES)
    assert {path.stem for path in TRACEBACKS.glob("*.txt")} == set(EXAMPLES)


def test_each_entry_has_an_example_and_a_code_of_its_own_with_its_page():
    codes = [entry.code for entry in ENTRIES.values()]
    assert codes == sorted(set(codes))
    for entry in ENTRIES.values():
        assert entry.examples
        assert code_page(entry.code).title == entry.title


def file_of(example):
    return "test_shop.py" if example.run == "test" else "shop/views.py"


def the_explanation(found):
    assert found.unexplained == ()
    [one] = found.explained
    return one


def assert_explained(one, entry, example):
    assert one.code == ENTRIES[entry].code
    assert one.expression == example.expression
    assert next((fix.code for fix in one.fixes if fix.code), "") == example.fix
    assert one.why
    assert one.place.file == file_of(example)
    lines = example.code.splitlines()
    assert lines[one.place.line - 1].strip() == one.line
    if one.place.line == one.place.end_line:
        marked = lines[one.place.line - 1][one.place.column : one.place.end_column]
        assert marked == example.expression


@BY_NAME
def test_with_the_source_the_expression_is_found_and_its_fix(name, shop):
    example = EXAMPLES[name]
    found = shop(recorded(name), example.code, file_of(example))
    assert_explained(the_explanation(found), name.partition(".")[0], example)


@BY_NAME
def test_without_the_source_the_line_in_the_traceback_does(name):
    entry = name.partition(".")[0]
    one = the_explanation(explain(recorded(name), None))
    assert one.code == ENTRIES[entry].code
    assert one.fixes
    if entry not in WITHOUT_FRAMES:
        code = [line.strip() for line in EXAMPLES[name].code.splitlines()]
        assert code[one.place.line - 1] == one.line
        assert one.expression in one.line


@BY_NAME
def test_what_is_to_be_written_is_python(name, shop):
    example = EXAMPLES[name]
    for one in shop(recorded(name), example.code, file_of(example)).explained:
        for fix in one.fixes:
            code = fix.code.replace("….", "x.").replace("…", "...")
            if code and not code.startswith('"'):
                body = f"{code} pass" if code.endswith(":") else code
                compile(f"async def f():\n  {body}", "fix", "exec")


@pytest.fixture(scope="module")
def played():
    return record(FIRST_OF_EACH)


@pytest.mark.parametrize("name", FIRST_OF_EACH)
def test_the_mistake_still_gives_what_is_explained(name, played, shop):
    """Run on the Django and Python that are installed, whose tracebacks may differ from those recorded."""
    example = EXAMPLES[name]
    found = shop(played[name], example.code, file_of(example))
    assert_explained(the_explanation(found), name.partition(".")[0], example)

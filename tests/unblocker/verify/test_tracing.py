"""What ran of a file, by statements and branches."""

import asyncio
import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from unblocker.verify.outline import EXIT
from unblocker.verify.protocol import Function
from unblocker.verify.tracing import Tracing

SOURCE = '''
def guarded(a, rows):
    """Words are no statement."""
    for row in rows:
        if a and row:
            continue
    try:
        if a:
            raise ValueError(
                "no",
            )
    except ValueError:
        return 1
    except KeyError:
        return 2
    def inner():
        return 3
    if rows:
        inner()


async def counted(rows):
    await asyncio.sleep(0)
    if rows:
        return list(generated(rows))
    return None


def generated(rows):
    for row in rows:
        yield row


def straight(a): return a or 2
'''


def line(text: str) -> int:
    return next(number for number, each in enumerate(SOURCE.splitlines(), 1) if text in each)


@pytest.fixture
def tracing(tmp_path: Path) -> Iterator[Tracing]:
    (tmp_path / "traced.py").write_text("import asyncio\n" + SOURCE[1:])
    (tmp_path / "broken.py").write_text("def f(:")
    tools = [sys.monitoring.get_tool(tool) for tool in range(6)]
    yield Tracing(tmp_path)
    for tool in range(6):
        if sys.monitoring.get_tool(tool) != tools[tool]:
            sys.monitoring.set_events(tool, 0)
            sys.monitoring.free_tool_id(tool)


@pytest.fixture
def module(tmp_path: Path, tracing: Tracing) -> ModuleType:
    spec = importlib.util.spec_from_file_location("traced", tmp_path / "traced.py")
    assert spec
    assert spec.loader
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def ran(tracing: Tracing, call: Callable[[], object]) -> tuple[set[int], set[tuple[int, int]]]:
    tracing.clear()
    call()
    reached = tracing.reached()
    assert {each.file for each in reached} <= {"traced.py"}
    lines = {number for each in reached for number in each.statements}
    return lines, {way for each in reached for way in each.branches}


def test_the_outline_has_statements_and_branches(tracing: Tracing) -> None:
    outlined = tracing.outline(Function("traced.py", "guarded"))
    raising = line("raise ValueError")
    assert outlined.statements == (4, 5, 6, 7, 8, raising, 12, 13, 14, 15, 16, 17, 18, 19)
    assert outlined.branches == (
        (4, 5), (4, 7), (5, 4), (5, 6), (8, 9), (8, 16), (12, 13), (12, 14), (18, EXIT), (18, 19),
    )  # fmt: skip


@pytest.mark.parametrize(("file", "name"), [("no.py", "f"), ("broken.py", "f"), ("traced.py", "f")])
def test_what_is_not_there_has_an_empty_outline(tracing: Tracing, file: str, name: str) -> None:
    outlined = tracing.outline(Function(file, name))
    assert (outlined.statements, outlined.branches) == ((), ())


def test_one_line_is_a_statement_without_branches(tracing: Tracing, module: ModuleType) -> None:
    outlined = tracing.outline(Function("traced.py", "straight"))
    assert (outlined.statements, outlined.branches) == ((line("def straight"),), ())
    assert ran(tracing, lambda: module.straight(1))[0] == {line("def straight")}


def test_an_exception_reaches_its_handler_only(tracing: Tracing, module: ModuleType) -> None:
    lines, branches = ran(tracing, lambda: module.guarded(1, [1]))
    assert lines == {4, 5, 6, 7, 8, 9, 12, 13}
    assert branches == {(4, 5), (4, 7), (5, 6), (8, 9), (12, 13)}


def test_each_request_is_heard_of_anew(tracing: Tracing, module: ModuleType) -> None:
    for _ in range(3):
        assert ran(tracing, lambda: module.guarded(0, []))[1] == {(4, 7), (8, 16), (18, EXIT)}
        assert ran(tracing, lambda: module.guarded(0, [1]))[0] == {4, 5, 7, 8, 16, 17, 18, 19}
    assert ran(tracing, lambda: None) == (set(), set())


def test_coroutines_and_generators_are_followed(tracing: Tracing, module: ModuleType) -> None:
    started = line("await asyncio.sleep")
    empty, ways = ran(tracing, lambda: asyncio.run(module.counted([])))
    assert empty == {started, started + 1, started + 3}
    assert ways == {(started + 1, started + 3)}
    full, _ = ran(tracing, lambda: asyncio.run(module.counted([1, 2])))
    assert full == {started, started + 1, started + 2, line("yield row") - 1, line("yield row")}


def test_code_of_others_is_left_alone(tracing: Tracing) -> None:
    assert ran(tracing, lambda: shorten("a b")) == (set(), set())


def shorten(text: str) -> str:
    return text[:1]

from unblocker.records.changeset import Changeset, FileChange
from unblocker.records.places import Place
from unblocker.records.plan import FunctionPlan
from unblocker.report.excerpts import excerpts

BEFORE = "import a\n\n\ndef f():\n    return a.get()\n\n\ndef g():\n    return f()\n"


def plan(name, first, last, **changes):
    place = Place("m.py", first, 0, last, 16)
    return FunctionPlan(f"m:{name}", "m.py", place, name, **changes)


def lines(after, function):
    changeset = Changeset("/", (FileChange("m.py", "utf-8", BEFORE, after),), ("m.f",))
    return [
        [(line.kind, line.text) for line in found.lines]
        for found in excerpts(changeset, (function,))
    ]


def test_only_the_functions_own_lines_are_kept():
    after = BEFORE.replace("import a", "import b").replace("def f", "async def f")
    assert lines(after, plan("f", 4, 5)) == [
        [("gone", "def f():"), ("new", "async def f():"), ("same", "    return a.get()")]
    ]


def test_a_new_last_line_belongs_to_the_function():
    after = BEFORE.replace("    return a.get()\n", "    await b()\n\n    return c\n")
    (shown,) = lines(after, plan("f", 4, 5))
    assert [text for kind, text in shown if kind == "new"] == ["    await b()", "", "    return c"]


def test_a_new_function_further_down_does_not():
    after = BEFORE.replace("def g", "@cached\ndef g").replace("def f", "async def f")
    (shown,) = lines(after, plan("f", 4, 5))
    assert "@cached" not in {text for _, text in shown}


def test_a_twin_behind_the_function_belongs_to_it():
    twin = "\n\nasync def af():\n    return await a.aget()\n"
    after = BEFORE.replace("    return a.get()\n", f"    return a.get()\n{twin}")
    (shown,) = lines(after, plan("f", 4, 5, twin=True))
    assert [line for line in shown if line[1]] == [
        ("same", "def f():"),
        ("same", "    return a.get()"),
        ("new", "async def af():"),
        ("new", "    return await a.aget()"),
    ]


def test_a_function_that_stays_has_no_excerpt():
    assert lines(BEFORE.replace("def f", "async def f"), plan("g", 8, 9)) == []


def test_a_function_in_a_file_that_stays_has_no_excerpt():
    assert excerpts(Changeset("/", (), ()), (plan("f", 4, 5),)) == ()

"""Generated views do the same before and after: the same operations in the same order, the same result.

The runtime is played by a `gather` that runs its branches one after the other, so order can be compared; what may
overlap is the plan's business. The groups are any statements in a row, of which none reads or binds what another one
in the group binds.
"""

import asyncio
import sys
from dataclasses import dataclass, field
from types import ModuleType

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from unblocker.records.places import Place
from unblocker.records.plan import Await, Branch, FunctionPlan, Group
from unblocker.rewrite.file import Setting, rewrite_file
from unblocker.rewrite.source import Source

NAMES = ["a", "b", "c", "d"]


@dataclass
class Database:
    """Answers every call with its own text, and keeps a log."""

    log: list = field(default_factory=list)

    def ask(self, *args):
        self.log.append(args)
        return "".join(map(str, args))[-9:]

    async def aask(self, *args):
        return self.ask(*args)

    def pair(self, *args):
        return self.ask("pair", *args), f"<{len(self.log)}>"

    async def apair(self, *args):
        return self.pair(*args)


@dataclass(frozen=True)
class Statement:
    """One line of a view: its text with `{}` for the call, what it binds and reads."""

    template: str
    method: str
    arguments: str
    binds: frozenset = frozenset()
    reads: frozenset = frozenset()

    @property
    def call(self):
        return f"db.{self.method}({self.arguments})"

    def disjoint(self, other):
        return not (self.binds & (other.binds | other.reads) or other.binds & self.reads)


@st.composite
def statements(draw):
    arguments = [*NAMES, "1", "x", 'ctx["k"]', "f'{a}-{b}'", "str(c)"]
    argument = draw(st.sampled_from(arguments))
    reads = {name for name in NAMES if name in argument.replace("str", "").replace("ctx", "")}
    reads |= {"ctx"} if "ctx" in argument else set()
    name, other = draw(st.permutations(NAMES))[:2]
    kinds = {
        "assign": (f"{name} = {{}}", "ask", {name}, set()),
        "annotated": (f"{name}: str = {{}}", "ask", {name}, set()),
        "call": ("{}", "ask", set(), set()),
        "add": (f"{name} += {{}}", "ask", {name}, {name}),
        "part": (f"{name} = str({{}}).upper()[:3]", "ask", {name}, set()),
        "pair": (f"{name}, {other} = {{}}", "pair", {name, other}, set()),
        "item": ('ctx["k"] = {}', "ask", {"ctx"}, set()),
        "multi": (f"{name} = (\n        {{}}\n        # done\n    )", "ask", {name}, set()),
        "both": (f"{name} = {other} = {{}}", "ask", {name, other}, set()),
    }
    template, method, binds, extra = draw(st.sampled_from(list(kinds.values())))
    return Statement(template, method, argument, frozenset(binds), frozenset(reads | extra))


@st.composite
def views(draw):
    """Statements, each with its own layout, and the ranges that are groups."""
    lines = draw(st.lists(statements(), min_size=2, max_size=7))
    comments = draw(
        st.lists(st.sampled_from(["", "# why\n    ", "\n    "]), min_size=7, max_size=7)
    )
    groups, start = [], 0
    while start < len(lines):
        end = start + 1
        while end < len(lines) and all(lines[end].disjoint(line) for line in lines[start:end]):
            end += 1
        size = draw(st.integers(1, end - start))
        if size > 1:
            groups.append((start, start + size))
        start += size
    return lines, comments, groups


def source_and_plan(view):
    lines, comments, groups = view
    text = "def view(db, x, ctx, a, b, c, d):\n"
    steps, awaits = [], []

    def position():
        return text.count("\n") + 1, len(text) - (text.rfind("\n") + 1)

    for line, comment in zip(lines, comments, strict=False):
        text += "    " + comment
        steps.append("{}:{}".format(*position()))
        before, after = line.template.split("{}")
        text += before
        start = position()
        text += line.call
        awaits.append(Await(Place("views.py", *start, *position()), "method", f"a{line.method}"))
        text += after + "\n"
    text += "    return a, b, c, d, ctx\n"
    function = FunctionPlan(
        "views:view",
        "views.py",
        Place("views.py", 1, 0, text.count("\n"), 0),
        "view",
        awaits=tuple(awaits),
        groups=tuple(
            Group(
                steps[start],
                tuple(
                    Branch(f"read_{n}", (steps[n],), tuple(sorted(lines[n].binds - {"ctx"})))
                    for n in range(start, end)
                ),
                "They run at the same time.",
            )
            for start, end in groups
        ),
    )
    return text, function


async def in_turn(*branches):
    return tuple([await branch for branch in branches])


@pytest.fixture(autouse=True, scope="module")
def runtime():
    module = ModuleType("django_unblock")
    module.gather = in_turn
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "django_unblock", module)
        yield


def run(text):
    namespace = {}
    exec(compile(text, "views.py", "exec"), namespace)
    database = Database()
    result = namespace["view"](database, "x", {"k": "key"}, "1", "2", "3", "4")
    if asyncio.iscoroutine(result):
        result = asyncio.run(result)
    return result, database.log


@given(views())
@settings(max_examples=150, deadline=None, derandomize=True, phases=[Phase.generate])
def test_a_converted_view_does_the_same(view):
    text, function = source_and_plan(view)
    result = rewrite_file(
        Source("views.py", "utf-8", text), [function], (), Setting(88, frozenset())
    )
    assert result.problems == ()
    assert result.text.count("gather(") == len(function.groups)
    assert run(result.text) == run(text)

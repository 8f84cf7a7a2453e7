"""Where an await would be illegal, or would mean something else, the call stays and is reported."""

import pytest

from unblocker.rewrite.stage import rewrite

CALL = "A.objects.get("


def converted(workshop, body, entry=None):
    workshop.write("views.py", body)
    calls = body.count(CALL)
    awaits = [
        {"at": CALL, "nth": nth, "form": "method", "name": "aget"} for nth in range(1, calls + 1)
    ]
    function = workshop.function(
        "views.py", {"function": "view", "awaits": awaits, **(entry or {})}
    )
    return rewrite(workshop.plan([function]), workshop.root, lambda text: None)


@pytest.mark.parametrize(
    "statement",
    [
        "f = lambda: A.objects.get(pk=1)",
        "n = sum(A.objects.get(pk=n).n for n in xs)",
        "n = sum(x for x in xs if A.objects.get(pk=x))",
        "n = sum(y for x in xs for y in A.objects.get(pk=x))",
        "n = [sum(A.objects.get(pk=n).n for n in xs) for x in xs]",
        "f = [lambda: A.objects.get(pk=1)]",
        "def inner(): return A.objects.get(pk=1)",
        "class Inner: n = A.objects.get(pk=1)",
        'n = f"{A.objects.get(pk=1)=}"',
    ],
)
def test_a_call_that_cannot_be_awaited_stays(workshop, statement):
    changeset = converted(workshop, f"def view(request, xs):\n    {statement}\n    return 1\n")
    [change] = changeset.files
    assert statement in change.after
    assert "async def view" in change.after
    [problem] = changeset.problems
    assert problem.code == "U602"
    assert problem.place is not None
    assert problem.place.line == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[A.objects.get(pk=n) for n in xs]", "[await A.objects.aget(pk=n) for n in xs]"),
        ("{A.objects.get(pk=n).n for n in xs}", "{(await A.objects.aget(pk=n)).n for n in xs}"),
        ("(n for n in A.objects.get(pk=1))", "(n for n in await A.objects.aget(pk=1))"),
        (
            "[(y for y in A.objects.get(pk=x)) for x in xs]",
            "[(y for y in await A.objects.aget(pk=x)) for x in xs]",
        ),
        ("(A.objects.get(pk=1))[0]", "(await A.objects.aget(pk=1))[0]"),
        ("A.objects.get(pk=1)()", "(await A.objects.aget(pk=1))()"),
        ("await_me(A.objects.get(pk=1))", "await_me(await A.objects.aget(pk=1))"),
        ("-A.objects.get(pk=1)", "-await A.objects.aget(pk=1)"),
        ("[*A.objects.get(pk=1)]", "[*await A.objects.aget(pk=1)]"),
        (
            "A.objects.get(pk=1)if xs else(A.objects.get(pk=2))",
            "(await A.objects.aget(pk=1))if xs else(await A.objects.aget(pk=2))",
        ),
    ],
)
def test_an_await_takes_parentheses_only_where_it_must(workshop, before, after):
    changeset = converted(workshop, f"def view(request, xs, await_me):\n    return {before}\n")
    assert not changeset.problems
    assert f"    return {after}\n" in changeset.files[0].after


def test_a_default_of_an_inner_function_is_evaluated_outside_it(workshop):
    source = "def view(request):\n    def inner(x=A.objects.get(pk=1)):\n        return x\n    return inner\n"
    changeset = converted(workshop, source)
    assert not changeset.problems
    assert "def inner(x=await A.objects.aget(pk=1)):" in changeset.files[0].after


def test_an_async_inner_function_may_await(workshop):
    source = "def view(request):\n    async def inner():\n        return A.objects.get(pk=1)\n    return inner\n"
    changeset = converted(workshop, source, {"is_async": False})
    assert not changeset.problems
    assert "        return await A.objects.aget(pk=1)\n" in changeset.files[0].after


def test_a_default_of_the_function_itself_stays(workshop):
    source = "def view(request, x=A.objects.get(pk=1)):\n    return x\n"
    changeset = converted(workshop, source)
    assert [problem.code for problem in changeset.problems] == ["U602"]
    assert "async def view(request, x=A.objects.get(pk=1)):" in changeset.files[0].after


def test_nothing_is_awaited_in_a_function_that_stays_synchronous(workshop):
    changeset = converted(
        workshop, "def view(request):\n    return A.objects.get(pk=1)\n", {"is_async": False}
    )
    assert [problem.code for problem in changeset.problems] == ["U602"]
    assert not changeset.files


def test_a_method_form_needs_a_method(workshop):
    workshop.write("views.py", "def view(request, get):\n    return get(pk=1)\n")
    function = workshop.function(
        "views.py",
        {"function": "view", "awaits": [{"at": "get(", "form": "method", "name": "aget"}]},
    )
    changeset = rewrite(workshop.plan([function]), workshop.root, lambda text: None)
    assert [problem.code for problem in changeset.problems] == ["U602"]
    assert "return get(pk=1)" in changeset.files[0].after

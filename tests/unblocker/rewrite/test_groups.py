"""Groups that would mean something else are not written: the steps stay, awaited one after the other."""

import pytest

from unblocker.rewrite.stage import rewrite


def grouped(workshop, source, steps, exports=("a", "b"), anchor=None):
    workshop.write("views.py", source)
    function = workshop.function(
        "views.py",
        {
            "function": "view",
            "awaits": [
                {"at": f"{model}.objects.count(", "form": "method", "name": "acount"}
                for model in "AB"
                if f"{model}.objects.count(" in source
            ],
            "groups": [
                {
                    "anchor": anchor or steps[0],
                    "branches": [
                        {"name": f"read_{name}", "steps": [step], "exports": [name] if name else []}
                        for step, name in zip(steps, exports, strict=True)
                    ],
                }
            ],
        },
    )
    return rewrite(workshop.plan([function]), workshop.root, lambda text: None)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("b = super().count()", "super()"),
        ("b = locals().count()", "locals()"),
        ("if a0:\n        return 3", "return"),
        ("del a0", "del"),
    ],
)
def test_a_step_that_cannot_move_keeps_the_order(workshop, statement, why):
    source = f"def view(request, a0):\n    a = A.objects.count()\n    {statement}\n    return a\n"
    changeset = grouped(workshop, source, ["a =", statement.split("\n")[0]], ("a", "b"))
    after = changeset.files[0].after
    assert f"    a = await A.objects.acount()\n    {statement}\n" in after
    assert "gather" not in after
    [problem] = [problem for problem in changeset.problems if problem.code == "U603"]
    assert why in problem.text


def test_a_global_is_not_bound_in_a_local_function(workshop):
    source = (
        "def view(request):\n    global b\n    a = A.objects.count()\n"
        "    b = str(B.objects.count())\n    return a\n"
    )
    changeset = grouped(workshop, source, ["a =", "b ="])
    assert "    b = str(await B.objects.acount())\n" in changeset.files[0].after
    assert [problem.code for problem in changeset.problems] == ["U603"]


def test_a_name_that_may_not_be_bound_yet_is_not_handed_over(workshop):
    source = (
        "def view(request):\n    if request:\n        b = 1\n    a = A.objects.count()\n"
        "    b += B.objects.count()\n    return a, b\n"
    )
    changeset = grouped(workshop, source, ["a =", "b +="])
    assert [problem.code for problem in changeset.problems] == ["U603"]
    assert "    b += await B.objects.acount()\n" in changeset.files[0].after


def test_a_name_that_is_read_before_it_is_bound_anew_is_handed_over(workshop):
    source = (
        "def view(request):\n    b = 1\n    a = A.objects.count()\n"
        "    b = b + B.objects.count()\n    return a, b\n"
    )
    changeset = grouped(workshop, source, ["a =", "b = b"])
    assert not changeset.problems
    after = changeset.files[0].after
    assert "    async def read_b(b):\n        return b + await B.objects.acount()\n" in after
    assert "    a, b = await gather(A.objects.acount(), read_b(b))\n" in after


@pytest.mark.parametrize(
    "argument", ["request.GET['x']", "int(request.x)", "(y := 3)", "1 / request.x", "request.xs[0]"]
)
def test_a_later_branch_whose_arguments_may_raise_gets_a_function(workshop, argument):
    source = (
        f"def view(request):\n    a = A.objects.count({argument})\n"
        f"    b = B.objects.count({argument})\n    return a, b\n"
    )
    after = grouped(workshop, source, ["a =", "b ="]).files[0].after
    assert f"        return await B.objects.acount({argument})\n" in after
    assert f"    a, b = await gather(A.objects.acount({argument}), read_b())\n" in after


@pytest.mark.parametrize(
    "argument",
    [
        "request.user.id",
        'f"{request.x}-{1}"',
        "[1, *request.xs]",
        "{'a': -1, **request.d}",
        "models.Sum('x')",
        "1 + request.x",
    ],
)
def test_a_later_branch_with_quiet_arguments_goes_into_the_call(workshop, argument):
    source = (
        "from django.db import models\n\n\n"
        "def view(request):\n    a = A.objects.count()\n"
        f"    b = B.objects.filter(x=1)[:5].order_by().count({argument})\n    return a, b\n"
    )
    workshop.write("views.py", source)
    function = workshop.function(
        "views.py",
        {
            "function": "view",
            "awaits": [
                {"at": "A.objects.count(", "form": "method", "name": "acount"},
                {"at": "B.objects.filter(x=1)[:5].order_by().count(", "form": "method", "name": "acount"},
            ],
            "groups": [
                {
                    "anchor": "a =",
                    "branches": [
                        {"name": "a", "steps": ["a ="], "exports": ["a"]},
                        {"name": "b", "steps": ["b ="], "exports": ["b"]},
                    ],
                }
            ],
        },
    )  # fmt: skip
    [change] = rewrite(workshop.plan([function]), workshop.root, lambda text: None).files
    assert "async def b" not in change.after
    assert f".acount({argument})" in change.after


def test_statements_of_different_blocks_are_not_joined(workshop):
    source = (
        "def view(request):\n    a = A.objects.count()\n    if a:\n"
        "        b = B.objects.count()\n    return a\n"
    )
    changeset = grouped(workshop, source, ["a =", "b ="])
    assert [problem.code for problem in changeset.problems] == ["U603"]
    assert "        b = await B.objects.acount()\n" in changeset.files[0].after

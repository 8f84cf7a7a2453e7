"""Parts of a statement that are begun ahead of it: a name takes their place."""

from dataclasses import replace

import pytest

from unblocker.rewrite.stage import rewrite


def rewritten(workshop, source, branches, anchor="return"):
    """The view after its branches, which are lists of steps with the name that each exports, overlap."""
    workshop.write("views.py", source)
    found = [one for one in "AB" if f"{one}.objects.count(" in source]
    function = workshop.function(
        "views.py",
        {
            "function": "view",
            "awaits": [{"at": f"{one}.objects.count(", "form": "method", "name": "acount"} for one in found],
            "groups": [
                {
                    "anchor": anchor,
                    "branches": [
                        {"name": f"read_{name}", "steps": steps, "exports": [name]}
                        for name, steps in branches.items()
                    ],
                }
            ],
        },
    )  # fmt: skip
    changeset = rewrite(workshop.plan([function]), workshop.root, lambda text: None)
    return changeset.files[0].after if changeset.files else "", changeset.problems


BOTH = {"a": ["return ~ A.objects.count( = a"], "b": ["return ~ B.objects.count( = b"]}


def test_names_take_their_places(workshop):
    source = 'def view(request):\n    return {"a": A.objects.count() - 1, "b": B.objects.count()}\n'
    after, problems = rewritten(workshop, source, BOTH)
    assert after.endswith(
        "async def view(request):\n"
        "    a, b = await gather(A.objects.acount(), B.objects.acount())\n"
        '    return {"a": a - 1, "b": b}\n'
    )
    assert problems == ()


def test_a_name_that_the_function_has_is_not_taken(workshop):
    source = "def view(request, a):\n    return [a, A.objects.count(), B.objects.count()]\n"
    after, _ = rewritten(workshop, source, BOTH)
    assert "    a_2, b = await gather(A.objects.acount(), B.objects.acount())\n" in after
    assert "    return [a, a_2, b]\n" in after


def test_lines_of_a_part_move_out_with_it(workshop):
    source = (
        "def view(request):\n"
        "    return [\n"
        "        A.objects.count(\n"
        "            1,\n"
        "        ),\n"
        "        B.objects.count(),\n"
        "    ]\n"
    )
    after, _ = rewritten(workshop, source, BOTH)
    assert (
        "    a, b = await gather(\n"
        "        A.objects.acount(\n"
        "            1,\n"
        "        ),\n"
        "        B.objects.acount(),\n"
        "    )\n"
        "    return [\n"
        "        a,\n"
        "        b,\n"
        "    ]\n"
    ) in after


def test_a_part_whose_lines_need_brackets_gets_them_in_a_function_of_its_own(workshop):
    source = (
        "def view(request):\n"
        '    return [A.objects.count(), B.objects.filter(pk=request.GET["b"])\n'
        "        .count()]\n"
    )
    workshop.write("views.py", source)
    function = workshop.function(
        "views.py",
        {
            "function": "view",
            "awaits": [
                {"at": "A.objects.count(", "form": "method", "name": "acount"},
                {"at": 'B.objects.filter(pk=request.GET["b"])\n', "form": "method", "name": "acount"},
            ],
            "groups": [
                {
                    "anchor": "return",
                    "branches": [
                        {"name": "read_a", "steps": ["return ~ A.objects.count( = a"], "exports": ["a"]},
                        {
                            "name": "read_b",
                            "steps": ['return ~ B.objects.filter(pk=request.GET["b"])\n = b'],
                            "exports": ["b"],
                        },
                    ],
                }
            ],
        },
    )  # fmt: skip
    changeset = rewrite(workshop.plan([function]), workshop.root, lambda text: None)
    assert changeset.problems == ()
    after = changeset.files[0].after
    assert "    async def read_b():\n        return (await B.objects.filter(" in after
    assert "    return [a, b]\n" in after


def test_where_they_cannot_overlap_they_stand_in_front_in_order(workshop):
    source = "def view(request):\n    x = locals().count()\n    return [A.objects.count(), x]\n"
    branches = {"x": ["x ="], "a": ["return ~ A.objects.count( = a"]}
    after, problems = rewritten(workshop, source, branches, anchor="x =")
    assert after == (
        "async def view(request):\n"
        "    x = locals().count()\n"
        "    a = await A.objects.acount()\n"
        "    return [a, x]\n"
    )
    assert [problem.code for problem in problems] == ["U603"]


@pytest.mark.parametrize("place", ["2:4/9:0-9:4=a", "2:4/2:0-2:1=a"])
def test_a_part_that_the_source_has_not_is_our_mistake(workshop, place):
    source = "def view(request):\n    return [A.objects.count(), 1]\n"
    workshop.write("views.py", source)
    function = workshop.function("views.py", {"function": "view"})
    group = workshop.function(
        "views.py",
        {
            "function": "view",
            "groups": [
                {"anchor": "return", "branches": [{"name": "a", "steps": [], "exports": []}]}
            ],
        },
    ).groups[0]
    branch = replace(group.branches[0], steps=(place,), exports=("a",))
    function = replace(function, groups=(replace(group, branches=(branch, branch)),))
    changeset = rewrite(workshop.plan([function]), workshop.root, lambda text: None)
    assert changeset.problems[0].code == "U601"
    assert changeset.files == ()

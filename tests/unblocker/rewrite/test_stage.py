"""Plan to changeset: every view whole or not at all, twins imported, sources checked."""

from dataclasses import replace

import pytest

from unblocker.errors import UnblockError
from unblocker.records.places import Place
from unblocker.rewrite import rewrite

VIEW = "from .models import A\n\n\ndef {name}(request):\n    return A.objects.count()\n"
COUNT = {"at": "A.objects.count(", "form": "method", "name": "acount"}


def quiet(text):
    assert text


def simple_view(workshop, path="views.py", name="view", becomes="acount"):
    workshop.write(path, VIEW.format(name=name))
    return workshop.function(path, {"function": name, "awaits": [{**COUNT, "name": becomes}]})


def test_changes_come_with_their_views(workshop):
    plan = workshop.plan([simple_view(workshop)])
    changeset = rewrite(plan, workshop.root, quiet)
    [change] = changeset.files
    assert change.path == "views.py"
    assert change.before == VIEW.format(name="view")
    assert change.after == change.before.replace("def", "async def").replace(
        "return A.objects.count", "return await A.objects.acount"
    )
    assert changeset.views == ("view.views:view",)
    assert changeset.problems == ()


def test_progress_names_each_file(workshop):
    told = []
    rewrite(workshop.plan([simple_view(workshop)]), workshop.root, told.append)
    assert told == ["rewriting views.py"]


def test_views_to_leave_are_left(workshop):
    plan = workshop.plan([simple_view(workshop)])
    plan = replace(plan, views=tuple(replace(view, verdict="leave") for view in plan.views))
    changeset = rewrite(plan, workshop.root, quiet)
    assert changeset.files == ()
    assert changeset.views == ()


@pytest.mark.parametrize("change", ["edit", "remove"])
def test_a_source_that_changed_since_the_survey_is_refused(workshop, change):
    plan = workshop.plan([simple_view(workshop)])
    if change == "edit":
        workshop.write("views.py", "x = 1\n")
    else:
        (workshop.root / "views.py").unlink()
    with pytest.raises(UnblockError, match=r"views\.py") as caught:
        rewrite(plan, workshop.root, quiet)
    assert caught.value.code == "U040"


def test_code_that_does_not_compile_is_not_in_the_changeset(workshop):
    good = simple_view(workshop, "good.py", "good")
    bad = simple_view(workshop, "bad.py", "bad", becomes="class")
    changeset = rewrite(workshop.plan([good, bad]), workshop.root, quiet)
    assert [change.path for change in changeset.files] == ["good.py"]
    assert changeset.views == ("view.good:good",)
    assert [problem.code for problem in changeset.problems] == ["U600", "U606"]
    broken = changeset.problems[0]
    assert "A.objects.class()" in broken.text
    assert broken.place is not None
    assert (broken.place.file, broken.place.line) == ("bad.py", 5)


def test_what_libcst_refuses_is_not_in_the_changeset(workshop):
    plan = workshop.plan([simple_view(workshop, becomes="not a name")])
    changeset = rewrite(plan, workshop.root, quiet)
    assert changeset.files == ()
    assert [problem.code for problem in changeset.problems] == ["U600", "U606"]


def test_a_return_from_what_would_become_a_generator_does_not_compile(workshop):
    workshop.write("views.py", "def view(request):\n    yield 1\n    return 2\n")
    function = workshop.function("views.py", {"function": "view"})
    changeset = rewrite(workshop.plan([function]), workshop.root, quiet)
    assert changeset.files == ()
    assert "U600" in {problem.code for problem in changeset.problems}


def test_a_place_that_is_not_there_takes_its_view_out(workshop):
    function = simple_view(workshop)
    nowhere = replace(function.awaits[0], place=Place("views.py", 5, 0, 5, 3))
    changeset = rewrite(workshop.plan([replace(function, awaits=(nowhere,))]), workshop.root, quiet)
    assert changeset.files == ()
    assert [problem.code for problem in changeset.problems] == ["U601", "U606"]


def test_a_helper_changed_in_place_takes_all_its_callers_out(workshop):
    """`first` fails, so `helper` stays synchronous, so `second` can't await it; `third` does not need it."""
    views = {name: simple_view(workshop, f"{name}.py", name) for name in ("second", "third")}
    views["first"] = simple_view(workshop, "first.py", "first", becomes="class")
    helper = simple_view(workshop, "helper.py", "helper")
    ids = {name: view.function for name, view in views.items()}
    plan = workshop.plan(
        [*views.values(), helper],
        {
            "first": (ids["first"], helper.function),
            "second": (ids["second"], helper.function),
            "third": (ids["third"],),
        },
    )
    changeset = rewrite(plan, workshop.root, quiet)
    assert changeset.views == ("third",)
    assert [change.path for change in changeset.files] == ["third.py"]


def test_a_twin_stays_for_its_other_callers(workshop):
    bad = simple_view(workshop, "bad.py", "bad", becomes="class")
    good = simple_view(workshop, "good.py", "good")
    twin = replace(simple_view(workshop, "helper.py", "helper"), twin=True, name="ahelper")
    plan = workshop.plan(
        [bad, good, twin],
        {"bad": (bad.function, twin.function), "good": (good.function, twin.function)},
    )
    changeset = rewrite(plan, workshop.root, quiet)
    assert changeset.views == ("good",)
    assert [change.path for change in changeset.files] == ["good.py", "helper.py"]


def test_a_twin_is_imported_where_its_original_is(workshop):
    helper = replace(
        simple_view(workshop, "shop/helpers.py", "helper"),
        twin=True,
        name="ahelper",
        callers=("shop/api.py",),
    )
    workshop.write("shop/api.py", "from .helpers import helper\n\n__all__ = ['helper']\n")
    workshop.write(
        "shop/views.py", "from .api import helper\n\n\ndef view(r):\n    return helper(r)\n"
    )
    view = workshop.function(
        "shop/views.py",
        {"function": "view", "awaits": [{"at": "helper(", "form": "twin", "name": "ahelper"}]},
    )
    plan = workshop.plan([view, helper], {"view": (view.function, helper.function)})
    files = {change.path: change.after for change in rewrite(plan, workshop.root, quiet).files}
    assert files["shop/api.py"] == "from .helpers import ahelper, helper\n\n__all__ = ['helper']\n"
    assert files["shop/views.py"] == (
        "from .api import ahelper\n\n\nasync def view(r):\n    return await ahelper(r)\n"
    )
    assert files["shop/helpers.py"].count("def helper(") == 1
    assert (
        "async def ahelper(request):\n    return await A.objects.acount()\n"
        in files["shop/helpers.py"]
    )


def test_nothing_changes_a_second_time(workshop):
    plan = workshop.plan([simple_view(workshop)])
    [change] = rewrite(plan, workshop.root, quiet).files
    workshop.write("views.py", change.after)
    again = workshop.plan([workshop.function("views.py", {"function": "view"})])
    assert rewrite(again, workshop.root, quiet).files == ()


def test_a_file_that_is_not_python_takes_its_view_out(workshop):
    function = simple_view(workshop)
    workshop.write("views.py", "def view(:\n")
    changeset = rewrite(workshop.plan([function]), workshop.root, quiet)
    assert changeset.files == ()
    assert [problem.code for problem in changeset.problems] == ["U605", "U606"]


def test_a_note_that_the_encoding_cannot_hold_takes_the_view_out(workshop):
    text = "# coding: latin-1\ndef view(request):\n    a = request.é\n    return a\n"
    workshop.write("views.py", text)
    function = workshop.function(
        "views.py",
        {
            "function": "view",
            "groups": [
                {
                    "anchor": "return",
                    "note": "a …",
                    "branches": [{"name": "a", "steps": ["a ="], "exports": ["a"]}] * 2,
                }
            ],
        },
    )
    workshop.write("views.py", text.encode("latin-1"))
    changeset = rewrite(workshop.plan([function]), workshop.root, quiet)
    assert changeset.files == ()
    assert [problem.code for problem in changeset.problems] == ["U605", "U606"]

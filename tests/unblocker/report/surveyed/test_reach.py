"""What a view does, through helpers and templates; surveys are made by hand."""

from dataclasses import replace

from unblocker.records.places import Place
from unblocker.records.survey import (
    Block,
    Effect,
    Evaluation,
    Function,
    Location,
    Operation,
    Step,
    Template,
    View,
)
from unblocker.report.surveyed.reach import Reach


def place(line):
    return Place("app/views.py", line, 4, line, 40)


def operation(line, label, kind="query", **fields):
    fields = {"entry": "django_orm.count", **fields}
    return Operation(id=f"{line}:4", place=place(line), kind=kind, label=label, **fields)


def call(line, callee):
    return operation(line, callee, "helper", entry="project.call", callee=callee)


def step(line, *operations, kind="expression", inside=()):
    blocks = (Block("body", tuple(inside)),) if inside else ()
    return Step(f"{line}:4", place(line), kind, "", operations=operations, blocks=blocks)


VIEW = View("app.view", "function", (), place(1), "view")


def effect(file, line, entry="django_orm.create"):
    where = Place(file, line, 4, line, 40)
    return Effect(where, entry, "query", writes=(Location("table", "app_note"),))


def reach(functions, templates=(), effects=()):
    made = {
        name: Function(name, name, place(1), (), tuple(steps)) for name, steps in functions.items()
    }
    return Reach(made, {one.name: one for one in templates}, tuple(effects))


def told(found, view=VIEW):
    return [(one.depth, one.label) for one in found.of(view)]


def counted(found, view=VIEW):
    tally = found.tally(view, found.of(view))
    return dict(tally.total), dict(tally.repeated)


def test_a_helpers_operations_count_and_stand_behind_its_call():
    found = reach(
        {
            "view": [step(1, operation(1, "A.count")), step(2, call(2, "helper"))],
            "helper": [step(9, operation(9, "B.count"))],
        }
    )
    assert told(found) == [(0, "A.count"), (0, "helper"), (1, "B.count")]
    assert counted(found) == ({"query": 2}, {})


def test_a_helper_that_is_called_twice_counts_twice_and_is_listed_once():
    found = reach(
        {
            "view": [step(1, call(1, "helper")), step(2, call(2, "helper"))],
            "helper": [step(9, operation(9, "B.count"))],
        }
    )
    assert told(found) == [(0, "helper"), (1, "B.count"), (0, "helper")]
    assert [one.again for one in found.of(VIEW)] == [False, False, True]
    assert counted(found) == ({"query": 2}, {})


def test_helpers_that_call_each_other_come_to_an_end():
    found = reach(
        {
            "view": [step(1, call(1, "one"))],
            "one": [step(5, operation(5, "A.count"), call(5, "two"))],
            "two": [step(9, call(9, "one"))],
        }
    )
    assert told(found) == [(0, "one"), (1, "A.count"), (1, "two"), (2, "one")]
    assert counted(found) == ({"query": 1}, {})


def test_what_a_loop_does_is_repeated_through_helpers_too():
    found = reach(
        {
            "view": [
                step(1, operation(1, "A.iterate"), kind="for", inside=[step(2, call(2, "helper"))])
            ],
            "helper": [step(9, operation(9, "GET", "http"))],
        }
    )
    assert [(one.label, one.repeated) for one in found.of(VIEW)] == [
        ("A.iterate", False),
        ("helper", True),
        ("GET", True),
    ]
    assert counted(found) == ({"query": 1, "http": 1}, {"http": 1})


def test_the_other_branch_of_a_loop_runs_once():
    steps = [
        Step(
            "1:4",
            place(1),
            "for",
            "",
            blocks=(Block("orelse", (step(3, operation(3, "A.count")),)),),
        )
    ]
    assert counted(reach({"view": steps})) == ({"query": 1}, {})


def test_a_template_shows_the_rows_that_it_is_given_and_makes_its_own():
    page = Template("page.html", (operation(3, "Order.customer", times=5),))
    render = operation(
        1,
        "page.html",
        "template",
        template="page.html",
        evaluates=(Evaluation("orders", (), certain=True),),
    )
    found = reach({"view": [step(1, render)]}, [page])
    assert told(found) == [(0, "page.html"), (1, "rows of orders"), (1, "Order.customer")]
    assert [one.label for one in found.of(VIEW) if one.per_row] == ["Order.customer"]
    assert counted(found) == ({"template": 1, "query": 2}, {"query": 1})


def test_the_login_is_listed_and_not_counted():
    user = operation(1, "request.user", entry="django_auth.request_user")
    found = reach({"view": [step(1, user, operation(1, "A.count"))]})
    assert [one.login for one in found.of(VIEW)] == [True, False]
    assert counted(found) == ({"query": 1}, {})


def test_the_login_is_no_n_plus_1():
    user = operation(2, "request.user", entry="django_auth.request_user", times=5)
    render = operation(1, "page.html", "template", template="page.html")
    found = reach({"view": [step(1, render)]}, [Template("page.html", (user,))])
    assert not any(one.per_row for one in found.of(VIEW))


def test_a_call_that_nobody_knows_is_told():
    unknown = operation(1, "registry[...]", "helper", entry="unknown.call")
    found = reach({"view": [step(1, unknown), step(1, unknown)]})
    assert [one.unknown for one in found.of(VIEW)] == [True, True]
    assert counted(found) == ({"helper": 1}, {})


def test_a_template_s_calls_are_followed_for_each_row():
    page = Template(
        "page.html",
        (replace(call(3, "total"), times=5), replace(call(4, "title"), times=5), call(5, "total")),
    )
    render = operation(1, "page.html", "template", template="page.html")
    found = reach(
        {"view": [step(1, render)], "total": [step(9, operation(9, "A.count"))], "title": []},
        [page],
    )
    assert [(one.depth, one.label, one.per_row) for one in found.of(VIEW)] == [
        (0, "page.html", False),
        (1, "total", True),
        (2, "A.count", False),
        (1, "title", False),
        (1, "total", False),
    ]
    assert counted(found) == ({"template": 1, "query": 2}, {"query": 1})


def test_a_view_without_source_does_nothing_that_is_known():
    view = View("app.view", "unreadable", ())
    assert reach({}).of(view) == ()
    assert counted(reach({}), view) == ({}, {})


def test_what_django_calls_back_comes_last():
    found = reach(
        {"view": [step(1, operation(1, "Order.create"))]},
        effects=[effect("app/signals.py", 9), effect("app/views.py", 1)],
    )
    view = replace(VIEW, effects=(0, 1))
    assert told(found, view) == [(0, "Order.create"), (0, "create app_note")]
    assert [one.called_back for one in found.of(view)] == [False, True]
    assert counted(found, view) == ({"query": 2}, {})
    assert found.files(view) == {"app/views.py", "app/signals.py"}


def test_rows_that_a_template_is_given_are_not_told_twice():
    render = operation(
        1, "page.html", "template", evaluates=(Evaluation("orders", (), certain=True),)
    )
    found = reach({"view": [step(1, render)]}, effects=[effect("app/page.html", 3)])
    assert counted(found, replace(VIEW, effects=(0,))) == ({"template": 1, "query": 1}, {})


def test_a_class_without_a_body_of_its_own_has_its_effects():
    found = reach({}, effects=[effect("app/page.html", 3, "django_orm.iterate")])
    view = View("app.View", "class", (), place(1), effects=(0,))
    assert told(found, view) == [(0, "iterate app_note")]


def test_files_are_those_of_all_helpers():
    found = reach({"view": [step(1, call(1, "helper"))], "helper": []})
    found.functions["helper"] = Function("helper", "helper", Place("b.py", 1, 0, 2, 0), (), ())
    assert found.files(VIEW) == {"app/views.py", "b.py"}


def test_a_template_that_renders_itself_comes_to_an_end():
    again = operation(5, "page.html", "template", template="page.html")
    render = operation(1, "page.html", "template", template="page.html")
    found = reach({"view": [step(1, render)]}, [Template("page.html", (again,))])
    assert told(found) == [(0, "page.html"), (1, "page.html")]
    assert counted(found) == ({"template": 2}, {})

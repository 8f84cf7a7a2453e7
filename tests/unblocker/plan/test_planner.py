from dataclasses import replace

import msgspec
import pytest

from tests.unblocker.plan.builders import (
    calling,
    fetch,
    function,
    get,
    guard_if,
    lazy,
    mailing,
    named_by,
    place,
    read,
    render,
    step,
    survey_of,
)
from unblocker.config import Config, Costs
from unblocker.plan import make_plan
from unblocker.records.plan import FunctionPlan, Plan, ViewPlan
from unblocker.records.survey import (
    Block,
    Decorator,
    Function,
    Location,
    Problem,
    Reference,
    Step,
    Survey,
)

CONFIG = Config(costs=Costs(query=10, http=100, mail=200))


def planned(survey: Survey, **config: str) -> Plan:
    return make_plan(survey, msgspec.structs.replace(CONFIG, **config))


def only(plan: Plan) -> ViewPlan:
    (view,) = plan.views
    return view


def codes(view: ViewPlan) -> list[str]:
    return [reason.code for reason in view.reasons]


def test_a_refused_view_is_served_as_it_is() -> None:
    survey = survey_of(overview())
    plan = make_plan(survey, CONFIG, refused={"app.views.overview"})
    view = only(plan)
    assert (view.verdict, codes(view)) == ("bridge", ["U301", "U219"])
    assert view.functions == plan.functions == ()
    assert view.prediction.saved_ms == 0


def test_refusing_says_nothing_of_a_view_that_is_left_anyway() -> None:
    survey = survey_of(function("about"))
    refused = make_plan(survey, CONFIG, refused={"app.views.about"})
    assert refused == planned(survey)


def test_what_a_refused_view_calls_keeps_its_synchronous_form() -> None:
    helper = named_by(overview("load"), "app.views:first", "app.views:second")
    views = [
        function(name, calling("x", helper.id), step("return")) for name in ("first", "second")
    ]
    survey = survey_of(*views, helper, views=tuple(views))
    assert not plan_of(planned(survey), "load").twin
    plan = make_plan(survey, CONFIG, refused={"app.views.first"})
    assert [view.verdict for view in plan.views] == ["bridge", "convert"]
    assert plan_of(plan, "load").twin
    assert plan_of(plan, "load").name == "aload"


def plan_of(plan: Plan, name: str) -> FunctionPlan:
    return next(one for one in plan.functions if one.function.endswith(f":{name}"))


def overview(name: str = "overview") -> Function:
    used = step("return", uses=("a", "b", "c", "rates"))
    return function(name, read("a"), read("b"), read("c"), fetch("rates"), used)


def test_a_view_with_independent_io_is_converted_with_its_predicted_gain() -> None:
    plan = planned(survey_of(overview()))
    view = only(plan)
    assert (view.verdict, codes(view)) == ("convert", ["U101", "U102"])
    assert view.prediction.before_ms == 130
    assert view.prediction.after_ms == 100
    (changed,) = plan.functions
    assert (changed.name, changed.twin) == ("overview", False)
    assert [(one.form, one.name) for one in changed.awaits] == [
        ("method", "acount"),
        ("method", "acount"),
        ("method", "acount"),
        ("function", "django_unblock.http.get"),
    ]


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ((), "U204"),
        ((get("article"), render()), "U206"),
        ((lazy("articles"), render("articles")), "U206"),
        ((get("a"), get("b", "a"), get("c", "b"), render()), "U209"),
    ],
)
def test_left_alone(steps: tuple, code: str) -> None:
    view = only(planned(survey_of(function("page", *steps))))
    assert (view.verdict, codes(view), view.functions) == ("leave", [code], ())


def test_computation_is_left_alone() -> None:
    where = step("assign").place
    resize = read("image").operations[0]
    resize = replace(resize, kind="cpu", entry="pillow.work", reads=(), label="thumbnail")
    page = function("thumb", get("photo"), step("assign", where, operations=(resize,)), render())
    view = only(planned(survey_of(page)))
    assert (view.verdict, codes(view)) == ("leave", ["U205"])


def test_what_is_asynchronous_already_is_left_alone() -> None:
    view = only(planned(survey_of(replace(overview(), is_async=True))))
    assert (view.verdict, codes(view), view.functions) == ("leave", ["U207"], ())


def test_a_view_that_calls_an_asynchronous_helper_is_none_itself() -> None:
    helper = function("later", fetch("x"))
    helper = replace(helper, is_async=True, place=replace(helper.place, file="app/later.py"))
    page = function("page", read("a"), read("b"), read("c"), calling("d", helper.id), render())
    view = only(planned(survey_of(page, helper)))
    assert (view.verdict, codes(view)) == ("convert", ["U101", "U530", "U207"])


def subprocess_run(*uses: str) -> Step:
    one = read("done", *uses)
    operation = replace(
        one.operations[0], kind="subprocess", entry="subprocess.run", reads=(), label="run"
    )
    return replace(one, operations=(operation,))


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ((subprocess_run(), render()), "U210"),
        ((get("a"), subprocess_run("a"), render()), "U210"),
        ((get("a"), get("b", "a"), get("c", "b"), subprocess_run("c"), render()), "U209"),
    ],
)
def test_a_library_without_an_asynchronous_form_is_left_alone(steps: tuple, code: str) -> None:
    view = only(planned(survey_of(function("page", *steps))))
    assert (view.verdict, codes(view)) == ("leave", [code])


def test_a_view_of_which_only_an_unknown_call_is_seen_is_not_said_to_do_nothing() -> None:
    unknown = read("x", reads=(Location("unknown"),), writes=(Location("unknown"),))
    operation = replace(unknown.operations[0], entry="unknown.call", kind="helper", label="mystery")
    page = function("page", replace(unknown, operations=(operation,)), render())
    view = only(planned(survey_of(page)))
    assert (view.verdict, codes(view)) == ("leave", ["U214"])
    assert "mystery" in view.reasons[0].text


@pytest.mark.parametrize(
    ("kind", "code"), [("admin", "U201"), ("third-party", "U202"), ("unreadable", "U203")]
)
def test_views_that_are_not_the_projects_are_left(kind: str, code: str) -> None:
    survey = survey_of(overview())
    views = (replace(survey.views[0], kind=kind),)
    assert codes(only(planned(replace(survey, views=views)))) == [code]


def test_what_cannot_be_rewritten_safely_is_bridged() -> None:
    plan = planned(
        survey_of(replace(overview(), obstacles=(Problem("U411", "it calls locals()"),)))
    )
    view = only(plan)
    assert (view.verdict, codes(view)) == ("bridge", ["U301", "U411"])
    assert plan.functions == ()


@pytest.mark.parametrize(
    ("decorator", "code"),
    [
        (Decorator("cache_page", "sync-only"), "U211"),
        (Decorator("shop.audited", "project"), "U212"),
    ],
)
def test_what_would_not_be_awaited_stays_synchronous(decorator: Decorator, code: str) -> None:
    plan = planned(survey_of(replace(overview(), decorators=(decorator,))))
    assert codes(only(plan)) == ["U101", "U530", code]
    assert [one.is_async for one in plan.functions] == [False]


@pytest.mark.parametrize("code", ["U430", "U431"])
def test_what_inherited_methods_do_in_their_order_is_bridged(code: str) -> None:
    serial = function("page", get("a"), get("b", "a"), get("c", "b"), render())
    inherited = replace(serial, obstacles=(Problem(code, "by inherited methods"),))
    view = only(planned(survey_of(inherited)))
    assert (view.verdict, codes(view), view.functions) == ("bridge", ["U301", code], ())


def test_a_little_by_inherited_methods_is_left_alone() -> None:
    inherited = replace(function("page", get("a"), render()), obstacles=(Problem("U430", "so"),))
    view = only(planned(survey_of(inherited)))
    assert (view.verdict, codes(view)) == ("leave", ["U206"])


def test_a_decorator_in_the_urlconf_counts_too() -> None:
    survey = survey_of(overview())
    around = (Decorator("cache_page", "sync-only"),)
    view = only(planned(replace(survey, views=(replace(survey.views[0], decorators=around),))))
    assert codes(view) == ["U101", "U530", "U211"]


def test_what_is_unknown_stays_in_its_place() -> None:
    unknown = read("x", reads=(Location("unknown"),), writes=(Location("unknown"),))
    operation = replace(unknown.operations[0], entry="unknown.call", label="mystery")
    page = function("page", read("a"), replace(unknown, operations=(operation,)), fetch("b"))
    view = only(planned(survey_of(page)))
    assert (view.verdict, codes(view)) == ("bridge", ["U301", "U214"])


def test_mail_leaves_the_response_and_is_announced() -> None:
    page = function("confirm", get("order"), guard_if("order"), mailing("order"), render())
    plan = planned(survey_of(page))
    view = only(plan)
    assert (view.verdict, codes(view)) == ("convert", ["U103"])
    assert [one.code for one in view.accepted] == ["U501"]
    assert view.prediction.before_ms - view.prediction.after_ms == 200
    assert ("background", "") in [(one.form, one.name) for one in plan.functions[0].awaits]


def test_mail_whose_result_is_used_is_waited_for() -> None:
    page = function("confirm", get("order"), fetch("x"), mailing(value_used=True), render())
    plan = planned(survey_of(page))
    assert only(plan).accepted == ()
    assert "offload" in [one.form for one in plan.functions[0].awaits]


def test_mail_is_waited_for_where_the_project_says_so() -> None:
    page = function("confirm", get("order"), fetch("x"), mailing("order"), render())
    plan = planned(survey_of(page), mail="await")
    assert only(plan).accepted == ()
    assert "offload" in [one.form for one in plan.functions[0].awaits]


def tried(*body: Step, handler: Step | None = None) -> Step:
    handled = handler or step("return")
    return step("try", blocks=(Block("body", body), Block("handler", (handled,))))


def test_mail_whose_failure_is_handled_is_waited_for() -> None:
    page = function("confirm", get("order"), fetch("x"), tried(mailing("order")), render())
    plan = planned(survey_of(page))
    assert only(plan).accepted == ()
    assert "offload" in [one.form for one in plan.functions[0].awaits]


def test_mail_of_a_handler_leaves_the_response() -> None:
    failed = tried(fetch("x"), handler=mailing("order"))
    plan = planned(survey_of(function("confirm", get("order"), failed, render())))
    assert [one.code for one in only(plan).accepted] == ["U501"]


def test_a_helper_whose_mail_may_fail_in_a_try_is_left() -> None:
    helper = function("tell", mailing("order"))
    called = calling("", helper.id, "order")
    inside = function("confirm", fetch("x"), tried(called), render())
    assert codes(only(planned(survey_of(inside, helper)))) == ["U301", "U541"]
    outside = function("confirm", fetch("x"), called, render())
    assert only(planned(survey_of(outside, helper))).verdict == "convert"


def test_an_object_that_is_called_stays_synchronous() -> None:
    called = function("__call__", read("a"), read("b"), fetch("c"), is_method=True)
    assert codes(only(planned(survey_of(called)))) == ["U101", "U530", "U540"]


def test_mail_in_a_lambda_cannot_be_waited_for() -> None:
    page = function("confirm", get("order"), fetch("x"), mailing(scope="closed"), render())
    assert codes(only(planned(survey_of(page), mail="await"))) == ["U301", "U216"]
    assert [one.code for one in only(planned(survey_of(page))).accepted] == ["U501"]


def test_helpers_that_only_query_are_bridged_and_overlapped() -> None:
    one, two = function("fetch_one", get("x"), step("return")), function("fetch_two", read("y"))
    page = function(
        "dashboard",
        calling("a", one.id),
        calling("b", two.id),
        fetch("c"),
        step("return", uses=("a", "b", "c")),
    )
    plan = planned(survey_of(page, one, two))
    (changed,) = plan.functions
    assert [edit.form for edit in changed.awaits] == ["unblock", "unblock", "function"]
    assert len(changed.groups[0].branches) == 3


def test_a_helper_that_blocks_gets_a_twin_where_others_call_it() -> None:
    helper = named_by(function("rates", fetch("x"), step("return")), "app.views:page")
    helper = named_by(helper, "app.management:command", kind="function")
    page = function("page", get("a"), calling("b", helper.id), render())
    plan = planned(survey_of(page, helper))
    twin = plan_of(plan, "rates")
    assert (twin.name, twin.twin, twin.callers) == ("arates", True, ())
    assert ("twin", "arates") in [(one.form, one.name) for one in plan_of(plan, "page").awaits]


def test_files_that_call_a_twin_are_named_so_that_they_import_it() -> None:
    helper = named_by(function("rates", fetch("x")), "app.tests:check", kind="test")
    helper = replace(helper, place=replace(helper.place, file="app/apis.py"))
    other = replace(helper, id="app.apis:inner", name="inner", references=())
    page = function("page", calling("b", helper.id), calling("c", helper.id), render())
    plan = planned(survey_of(page, helper, other))
    assert plan_of(plan, "rates").callers == ("app/views.py",)


def test_a_helper_that_only_converted_views_call_is_converted_in_place() -> None:
    helper = named_by(function("rates", fetch("x"), step("return")), "app.views:page")
    page = function("page", get("a"), calling("b", helper.id), render())
    plan = planned(survey_of(page, helper))
    twin = plan_of(plan, "rates")
    assert (twin.name, twin.twin) == ("rates", False)


@pytest.mark.parametrize("kind", ["test", "module", "function"])
def test_a_helper_named_elsewhere_keeps_its_sync_form(kind: str) -> None:
    helper = named_by(function("rates", fetch("x"), step("return")), "app.views:page")
    helper = named_by(helper, "app.other:thing", kind=kind)
    plan = planned(survey_of(function("page", calling("b", helper.id), render()), helper))
    assert plan_of(plan, "rates").twin


def test_a_method_that_blocks_is_not_rewritten() -> None:
    helper = function("charge", fetch("x"), is_method=True)
    view = only(planned(survey_of(function("page", calling("b", helper.id), render()), helper)))
    assert (view.verdict, codes(view)) == ("bridge", ["U301", "U218"])


def test_a_helper_that_calls_itself_ends_the_search() -> None:
    helper = function("walk_tree", fetch("x"), calling("y", "app.views:walk_tree"))
    view = only(planned(survey_of(function("page", calling("b", helper.id), render()), helper)))
    assert (view.verdict, codes(view)) == ("bridge", ["U301", "U217"])


def test_no_await_where_none_is_legal() -> None:
    inner = read("x")
    blocking = replace(fetch("y"), kind="expression")
    closed = replace(blocking.operations[0], scope="closed")
    page = function("page", inner, replace(blocking, operations=(closed,)), render())
    view = only(planned(survey_of(page)))
    assert codes(view) == ["U301", "U216"]


def test_nothing_overlaps_inside_a_transaction() -> None:
    from unblocker.records.survey import Block, Operation

    atomic = step("with")
    opened = Operation("1:9", atomic.place, "django_transactions.atomic", "transaction", "atomic")
    inside = Block("body", (read("a"), read("b"), mailing()))
    atomic = replace(atomic, atomic=True, operations=(opened,), blocks=(inside,))
    plan = planned(survey_of(function("checkout", atomic, fetch("c"), render())))
    (changed,) = plan.functions
    assert (changed.groups, len(changed.atomics)) == ((), 1)
    assert "background" not in [one.form for one in changed.awaits]


def test_login_does_not_count_as_the_views_own_io() -> None:
    user = replace(read("user").operations[0], entry="django_auth.user", times=2, implicit=True)
    page = function("page", step("assign", operations=(user,)), get("a"), get("b", "a"), render())
    assert codes(only(planned(survey_of(page)))) == ["U206"]


def test_guards_are_passed_over_and_branches_taken_at_their_dearest() -> None:
    from unblocker.records.survey import Block

    choice = step("if", blocks=(Block("body", (fetch("x"),)), Block("orelse", (read("y"),))))
    page = function("page", guard_if("request"), choice, fetch("z"), render())
    assert only(planned(survey_of(page))).prediction.before_ms == 200


def test_a_loops_calls_are_there_together() -> None:
    from unblocker.records.survey import Block

    loop = step("for", binds=("item",), blocks=(Block("body", (fetch("x", "item"),)),))
    plan = planned(survey_of(function("page", loop, render())))
    view = only(plan)
    assert (view.prediction.before_ms, view.prediction.after_ms) == (500, 100)
    assert [one.code for one in view.accepted] == ["U502"]
    assert plan.functions[0].loops[0].operation.name == "django_unblock.http.get"


def test_loops_stay_serial_where_the_project_says_so() -> None:
    from unblocker.records.survey import Block

    loop = step("for", binds=("item",), blocks=(Block("body", (fetch("x", "item"),)),))
    plan = planned(survey_of(function("page", loop, render())), loops="serial")
    assert only(plan).accepted == ()
    assert plan.functions[0].loops == ()


def test_adoption_is_planned_until_the_project_has_the_runtime() -> None:
    survey = survey_of(overview())
    assert planned(survey).adoption is None
    project = replace(survey.project, installed_apps=())
    adoption = planned(replace(survey, project=project)).adoption
    assert adoption is not None
    assert adoption.add_app


def called_by(one: Function, *callers: str | None, kind: str = "function") -> Function:
    found = tuple(Reference(place(), kind, caller, called=True) for caller in callers)  # type: ignore[arg-type]
    return replace(one, references=(*one.references, *found))


@pytest.mark.parametrize(("caller", "kind"), [(None, "test"), ("app.views:other", "function")])
def test_a_view_that_synchronous_code_calls_stays_synchronous(
    caller: str | None, kind: str
) -> None:
    plan = planned(survey_of(called_by(overview(), caller, kind=kind)))
    assert codes(only(plan)) == ["U101", "U530", "U520"]
    assert only(plan).reasons[2].place is not None
    assert [one.is_async for one in plan.functions] == [False]


@pytest.mark.parametrize(("called", "form"), [(False, "offload"), (True, "twin")])
def test_a_helper_that_a_test_replaces_is_called_by_its_name(called: bool, form: str) -> None:
    helper = called_by(function("rates", fetch("x"), fetch("y")), None, kind="test")
    found = tuple(replace(one, called=called) for one in helper.references)
    view = function("page", read("a"), read("b"), read("c"), calling("r", helper.id))
    plan = planned(survey_of(view, replace(helper, references=found), views=(view,)))
    assert [one.form for one in plan_of(plan, "page").awaits][-1] == form


def test_a_view_that_is_only_named_elsewhere_is_converted() -> None:
    assert only(planned(survey_of(named_by(overview(), "app.views:other")))).verdict == "convert"


def test_a_view_whose_callers_are_converted_is_converted() -> None:
    called = called_by(overview("called"), "app.views:caller")
    caller = function("caller", read("a"), read("b"), read("c"), calling("x", called.id))
    plan = planned(survey_of(called, caller, views=(called, caller)))
    assert [view.verdict for view in plan.views] == ["convert", "convert"]


def test_a_view_falls_back_with_the_one_that_calls_it() -> None:
    called = called_by(overview("called"), "app.views:caller")
    caller = function("caller", read("a"), read("b"), read("c"), calling("x", called.id))
    plan = planned(survey_of(called, called_by(caller, None, kind="test"), views=(called, caller)))
    assert [codes(view)[-1] for view in plan.views] == ["U520"] * 2
    assert not any(one.is_async for one in plan.functions)


@pytest.mark.parametrize(("loops", "loops_planned"), [("overlap", 0), ("serial", 0), ("eager", 1)])
def test_a_loop_that_may_end_early_starts_ahead_only_where_the_project_says_so(
    loops: str, loops_planned: int
) -> None:
    ends = step("if", uses=("answer",), blocks=(Block("body", (step("break"),)),))
    asking = step("for", binds=("x",), blocks=(Block("body", (fetch("answer", "x"), ends)),))
    plan = planned(survey_of(function("page", get("a"), asking, render())), loops=loops)
    assert [len(one.loops) for one in plan.functions] == [loops_planned]
    told = [one.text for one in only(plan).accepted]
    assert [text.endswith("when the loop is left") for text in told] == [True] * loops_planned


def test_a_helper_that_calls_itself_keeps_its_form_whatever_could_overlap_in_it() -> None:
    tree = function("tree", read("a"), read("b"), calling("c", "app.views:tree"), step("return"))
    page = function("page", read("x"), read("y"), calling("z", tree.id), step("return"))
    plan = planned(survey_of(page, tree))
    assert [one.function for one in plan.functions] == [page.id]
    assert ("unblock", "") in [(one.form, one.name) for one in plan.functions[0].awaits]

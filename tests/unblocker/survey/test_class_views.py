from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Surveyed, kinds

type Told = Callable[[str], list[str]]

USER = "~django_auth.request_user session,auth_user,django_session"
PERMISSIONS = (
    "~django_auth.permissions auth_group,auth_group_permissions,auth_permission,auth_user_groups,"
    "auth_user_user_permissions,django_content_type"
)
RENDER = "~django_shortcuts.template_response"
SAVE = ["~django_forms.validate category", "~django_forms.save > category"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Tags", [f"{RENDER} tag"]),
        ("Chosen", [f"{RENDER} category,product"]),
        ("Cheap", [RENDER]),
        ("Paged", ["~django_orm.paginate product", "~django_orm.get_page product", f"{RENDER} product"]),
        ("OneReview", ["~django_orm.get auth_user,review", f"{RENDER} product"]),
        ("Static", [RENDER]),
        ("Away", ["~project.call tag"]),
        ("Watched", ["~project.call session,auth_user,django_session > logentry,order"]),
        ("Given", [RENDER]),
    ],
)  # fmt: skip
def test_what_inherited_methods_do(told: Told, name: str, expected: list[str]) -> None:
    assert told(f"generic_views:{name}") == expected


def test_each_request_is_a_branch_of_its_own(surveyed: Surveyed) -> None:
    (step,) = surveyed.function("generic_views:NewCategory").steps
    assert kinds(step.blocks) == ["case", "case"]
    shown, sent = step.blocks
    assert [inner.text for inner in (shown.steps[0], sent.steps[0])] == ["GET", "POST"]
    assert [one.entry for inner in shown.steps for one in inner.operations] == [
        "django_shortcuts.template_response"
    ]
    validate, branch = sent.steps
    assert [one.label for one in validate.operations] == ["post: CategoryForm.is_valid"]
    assert kinds(branch.blocks) == ["body", "orelse"]


def test_a_form_made_from_fields_is_known(told: Told) -> None:
    assert [line for line in told("generic_views:NewCategory") if "forms" in line] == SAVE


def test_a_form_that_cannot_be_valid_is_shown_again(told: Told) -> None:
    shown = f"{RENDER} category"
    assert told("generic_views:Search") == [shown, "~django_forms.validate category", shown]


def test_operations_stand_at_the_class_statement_and_tell_the_hook(surveyed: Surveyed) -> None:
    operations = surveyed.operations("generic_views:OneReview")
    assert [one.label for one in operations] == [
        "get_object: Review.get",
        "render_to_response: template_response shop/review.html",
    ]
    assert {one.place.file for one in operations} == {"shop/generic_views.py"}
    assert all(one.implicit for one in operations)
    (line,) = {one.place.line for one in operations}
    source = Path(surveyed.survey.project.root, "shop/generic_views.py").read_text()
    assert source.splitlines()[line - 1] == "class OneReview(DetailView):"


def test_every_operation_and_step_has_an_id_of_its_own(surveyed: Surveyed) -> None:
    for function in surveyed.survey.functions:
        steps = surveyed.steps(function.id)
        operations = [one.id for step in steps for one in step.operations]
        assert len(set(operations)) == len(operations), function.id
        assert len({step.id for step in steps}) == len(steps), function.id


@pytest.mark.parametrize(
    ("name", "rows"), [("Tags", "object_list"), ("Walked", "object_list"), ("Paged", "object_list")]
)
def test_the_template_gets_its_context(surveyed: Surveyed, name: str, rows: str) -> None:
    rendering = surveyed.operations(f"generic_views:{name}")[-1]
    assert [(one.name, one.certain) for one in rendering.evaluates] == [(rows, True)]


def test_the_rows_of_a_list_without_its_relation_are_one_query_each(surveyed: Surveyed) -> None:
    template = next(
        one for one in surveyed.survey.templates if one.name == "shop/product_lines.html"
    )
    assert [(one.label, one.times) for one in template.operations if one.kind == "query"] == [
        ("Product.category", 10)
    ]


def test_overrides_and_super_take_their_part(told: Told) -> None:
    assert told("generic_views:Mine") == [USER, "~project.call order,tag", RENDER]
    assert told("generic_views:Mine.get_context_data") == [
        "django_orm.count order",
        "django_orm.list tag",
    ]
    assert told("generic_views:OneOrder.get_object") == [
        "~django_orm.get order",
        "~django_orm.relation auth_user",
    ]
    assert told("generic_views:ChangeReview.form_valid") == [
        "django_orm.update tag > tag",
        "~django_forms.save > review",
    ]


def test_a_mixin_of_the_projects_in_front_of_a_generic_view(told: Told) -> None:
    assert told("generic_views:Counted") == ["~project.call auth_user,review", RENDER]


def test_guards_of_mixins_come_first(told: Told) -> None:
    assert told("generic_views:ChangeReview")[:3] == [
        USER,
        PERMISSIONS,
        "~django_orm.get auth_user,review",
    ]
    assert told("generic_views:Tested")[0].startswith("~project.call session,auth_user")


def test_what_a_mixin_asked_is_not_asked_again(told: Told) -> None:
    assert told("generic_views:Tested.get") == ["django_orm.count tag"]


def test_what_setup_puts_on_the_view_is_known(told: Told) -> None:
    assert told("generic_views:Prepared") == [
        "~project.call category",
        "~project.call category",
        RENDER,
    ]


def test_logging_in_by_a_view_of_the_projects(told: Told) -> None:
    entries = [line.split()[0] for line in told("generic_views:Enter")]
    assert "~django_auth.authenticate" in entries
    assert "~django_auth.login" in entries
    assert "~unknown.call" not in entries


def test_dates(surveyed: Surveyed) -> None:
    labels = [one.label for one in surveyed.operations("generic_views:ByMonth")]
    assert labels == [
        "get_dated_queryset: any Event",
        "get_date_list: any Event",
        "_get_next_prev: Event[…]",
        "_get_next_prev: Event[…]",
        "render_to_response: template_response shop/plain.html",
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [("Tags", "U430"), ("Mine", "U430"), ("Watched", "U430"), ("Tested", "U431")],
)
def test_what_is_inherited_is_an_obstacle(surveyed: Surveyed, name: str, code: str) -> None:
    function = surveyed.function(surveyed.view(f"generic_views.{name}").function or "")
    assert [one.code for one in function.obstacles] == [code]


@pytest.mark.parametrize("name", ["OnlyUsers", "Quiet"])
def test_a_view_that_is_one_method_of_its_own_is_that_method(surveyed: Surveyed, name: str) -> None:
    handler = f"shop.generic_views:{name}.get"
    assert surveyed.view(f"generic_views.{name}").function == handler
    assert surveyed.function(handler).obstacles == ()


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("OnlyUsers", "LoginRequiredMixin.dispatch"),
        ("Decorated", "Decorated.dispatch"),
        ("Refusing", "Refusing.http_method_not_allowed"),
    ],
)
def test_what_may_answer_before_the_handlers(surveyed: Surveyed, name: str, owner: str) -> None:
    (found,) = surveyed.view(f"generic_views.{name}").obstacles
    assert found.code == "U531"
    assert found.text.startswith(f"{owner} may answer")


@pytest.mark.parametrize("name", ["Tags", "Prepared", "Quiet"])
def test_where_only_the_handlers_answer(surveyed: Surveyed, name: str) -> None:
    assert surveyed.view(f"generic_views.{name}").obstacles == ()


def test_a_cached_property_is_read_once(surveyed: Surveyed) -> None:
    name = "generic_views:Cached.get_context_data"
    first, second = surveyed.step(name, "first ="), surveyed.step(name, "second =")
    assert [one.label for one in first.operations] == ["Cached.category", "Tag.count"]
    assert [one.label for one in second.operations] == ["Tag.count"]
    assert "self.category" in first.mutates
    assert "self.category" in second.uses
    assert "self.category" in surveyed.step(name, "third =").uses


def test_a_cached_property_without_io_needs_no_order(surveyed: Surveyed) -> None:
    name = "generic_views:Cached.get_context_data"
    steps = [surveyed.step(name, start) for start in ("label =", "other =")]
    assert not any("label" in path for step in steps for path in (*step.mutates, *step.uses))


def test_a_view_that_answers_by_its_dispatch_alone(surveyed: Surveyed) -> None:
    assert surveyed.told("generic_views:Straight") == [
        "~project.call session,auth_user,django_session,tag"
    ]
    operations = surveyed.operations("generic_views:Straight.dispatch")
    assert {one.label: one.times for one in operations} == {"iterate Tag": 1, "request.user": 1}


def test_a_class_that_no_statement_makes_is_read_where_its_methods_stand(
    surveyed: Surveyed,
) -> None:
    made = surveyed.view("generic_views.Made")
    assert (made.kind, made.place, made.function) == ("class", None, "shop.generic_views:answer")
    assert surveyed.told("generic_views:answer") == ["django_orm.count tag"]


def test_a_bare_generic_view_is_the_projects_at_its_line_of_the_urlconf(surveyed: Surveyed) -> None:
    tags = surveyed.view("urls.ListView(shop:tags)")
    assert tags.kind == "class"
    assert tags.place is not None
    assert tags.place.file == "shop/urls.py"
    assert surveyed.told("urls:ListView(shop:tags)") == [f"{RENDER} tag"]
    assert surveyed.told("urls:TemplateView(shop:about)") == [RENDER]
    lines = {surveyed.view(f"urls.TemplateView({name})").place for name in ("shop:about", "terms/")}
    assert len(lines) == 2


def test_no_function_of_a_library_is_told(surveyed: Surveyed) -> None:
    assert not [one.id for one in surveyed.survey.functions if one.id.startswith("django.")]
    assert not [one for one in surveyed.survey.files if "site-packages" in one.path]

from .conftest import Surveyed


def test_a_helpers_query_stands_in_the_helper(surveyed: Surveyed) -> None:
    assert surveyed.effects("reached.through_a_helper") == ["helpers.py: django_orm.count order"]


def test_a_nested_functions_query_stands_in_it(surveyed: Surveyed) -> None:
    assert surveyed.effects("reached.inside") == ["reached.py: django_orm.count product"]


def test_a_templates_queries_stand_in_the_template(surveyed: Surveyed) -> None:
    assert surveyed.effects("reached.through_a_template") == [
        "reached.py: django_shortcuts.render auth_user,orderitem,product",
        "reached.py: django_orm.get order",
        "receipt.txt: django_orm.relation auth_user",
        "receipt.txt: django_orm.iterate orderitem",
        "receipt.txt: django_orm.relation product",
    ]


def test_a_locals_rows_are_read_where_the_template_reads_them(surveyed: Surveyed) -> None:
    assert "page.html: django_orm.iterate product" in surveyed.effects(
        "reached.rows_that_a_template_reads"
    )


def test_a_receivers_write_stands_in_it_and_with_the_save_that_calls_it(surveyed: Surveyed) -> None:
    assert surveyed.effects("reached.through_a_receiver") == [
        "reached.py: django_orm.create > logentry,order",
        "signals.py: django_orm.create > logentry",
    ]


def test_a_row_that_was_read_is_not_created_when_it_is_saved(surveyed: Surveyed) -> None:
    told = surveyed.effects("reached.past_a_receiver_for_new_rows")
    assert [line.partition(":")[0] for line in told] == ["reached.py", "reached.py"]


def test_an_overridden_save_that_django_calls(surveyed: Surveyed) -> None:
    assert surveyed.effects("reached.through_a_save") == [
        "reached.py: django_orm.create product > orderitem,product",
        "models.py: django_orm.save > orderitem",
        "models.py: django_orm.update product > product",
    ]


def test_what_only_checks_does_nothing(surveyed: Surveyed) -> None:
    assert surveyed.effects("reached.nothing") == []


def test_views_share_what_both_do(surveyed: Surveyed) -> None:
    numbers = [number for view in surveyed.survey.views for number in view.effects]
    assert len(set(numbers)) == len(surveyed.survey.effects) < len(numbers)


def test_a_helper_for_any_rows_is_told_apart_by_what_it_is_given(surveyed: Surveyed) -> None:
    assert surveyed.effects("reached.pages_of_products") == [
        "reached.py: django_orm.iterate product",
        "helpers.py: django_orm.get_page product",
        "helpers.py: django_orm.get_page product",
    ]
    assert surveyed.effects("reached.pages_of_orders") == [
        "reached.py: django_orm.iterate order",
        "helpers.py: django_orm.get_page order",
        "helpers.py: django_orm.get_page order",
    ]


def test_a_method_that_is_asked_by_name(surveyed: Surveyed) -> None:
    assert surveyed.effects("reached.asked_by_name") == [
        "reached.py: django_orm.get product",
        "models.py: django_orm.aggregate auth_user,review",
    ]
    assert surveyed.effects("reached.asked_another") == [
        "reached.py: django_orm.get orderitem",
        "models.py: django_orm.relation order",
    ]


def test_the_plan_is_not_told_one_callee_of_several(surveyed: Surveyed) -> None:
    assert [one.entry for one in surveyed.operations("helpers:ask")] == ["unknown.call"]


def test_showing_rows_does_not_keep_them(surveyed: Surveyed) -> None:
    assert (
        surveyed.effects("reached.text_of_rows") == ["reached.py: django_orm.iterate product"] * 2
    )


def test_what_the_settings_rule_out_is_not_reached_but_still_read(surveyed: Surveyed) -> None:
    assert surveyed.effects("reached.never") == ["reached.py: django_orm.count product"]
    assert len(surveyed.operations("reached:never")) == 3


def test_what_the_request_decides_is_reached(surveyed: Surveyed) -> None:
    assert surveyed.effects("reached.perhaps") == [
        "reached.py: django_orm.count order",
        "reached.py: django_orm.count auth_user",
    ]


def test_the_current_site(surveyed: Surveyed) -> None:
    assert surveyed.effects("reached.site") == ["reached.py: django_sites.current django_site"]
    assert surveyed.effects("reached.site_of_request") == [
        "reached.py: django_sites.current_of django_site"
    ]


def test_a_user_is_created_by_the_manager_that_django_brings(surveyed: Surveyed) -> None:
    assert surveyed.effects("reached.new_user") == [
        "reached.py: django_auth.create_user auth_user > auth_user"
    ]


def test_a_transaction_of_a_class_of_the_project_s(surveyed: Surveyed) -> None:
    assert surveyed.effects("reached.in_a_transaction") == [
        "reached.py: django_transactions.enter",
        "reached.py: django_orm.count product",
        "helpers.py: django_transactions.enter",
        "helpers.py: django_orm.first product",
    ]
    assert surveyed.step("cases.reached:in_a_transaction", "with").atomic


def test_a_new_instance_asks_only_for_the_keys_it_was_given(surveyed: Surveyed) -> None:
    assert surveyed.effects("reached.new_order") == ["reached.py: django_orm.relation auth_user"]


def test_each_of_a_few_templates_is_read(surveyed: Surveyed) -> None:
    found = surveyed.effects("reached.one_of_two_templates")
    assert "receipt.txt: django_orm.relation auth_user" in found
    assert "base.html: django_orm.iterate category" in found


def test_rows_or_nothing_may_be_rows(surveyed: Surveyed) -> None:
    assert surveyed.effects("reached.rows_or_nothing") == ["reached.py: django_orm.iterate product"]


def test_where_both_hold_both_were_looked_at(surveyed: Surveyed) -> None:
    get, relation = "reached.py: django_orm.get order", "reached.py: django_orm.relation auth_user"
    assert surveyed.effects("reached.both_hold") == [get, relation]
    assert surveyed.effects("reached.either_holds") == [get, relation, relation]


def test_a_template_that_asks_the_same_again_finds_what_it_read(surveyed: Surveyed) -> None:
    lines = [
        (surveyed.survey.effects[number].place.line, surveyed.survey.effects[number].entry)
        for number in surveyed.view("reached.asks_twice").effects
        if surveyed.survey.effects[number].place.file.endswith("asks_twice.html")
    ]
    assert lines == [
        (1, "django_orm.truth"),
        (2, "django_orm.relation"),
        (4, "django_orm.relation"),
        (5, "django_orm.relation"),
    ]


def test_what_all_routes_give_a_view_is_known_and_what_one_gives_is_not(
    surveyed: Surveyed,
) -> None:
    assert surveyed.effects("odd_views.flagged") == [
        "odd_views.py: django_orm.count product",
        "odd_views.py: django_orm.count order",
    ]


def test_a_dict_made_by_call_holds_rows_without_reading_them(surveyed: Surveyed) -> None:
    found = surveyed.effects("reached.context_of_a_dict")
    assert "page.html: django_orm.iterate product" in found
    assert not [one for one in found if one.startswith("reached.py: django_orm")]


def test_a_dict_made_of_rows_reads_them(surveyed: Surveyed) -> None:
    (found,) = surveyed.effects("reached.rows_made_a_dict")
    assert found.startswith("reached.py: django_orm.")
    assert found.endswith(" product")


def test_a_model_that_the_registry_gives(surveyed: Surveyed) -> None:
    assert surveyed.effects("reached.model_by_name") == ["reached.py: django_orm.count order"]
    assert surveyed.effects("reached.model_by_label") == ["reached.py: django_orm.count product"]


def test_a_model_that_the_request_names_is_not_known(surveyed: Surveyed) -> None:
    assert not [one for one in surveyed.effects("reached.model_by_request") if "count" in one]


def test_what_a_setting_rules_out_together_with_the_request(surveyed: Surveyed) -> None:
    assert surveyed.effects("reached.never_together") == ["reached.py: django_orm.count auth_user"]


def test_a_setting_that_holds_leaves_it_to_the_request(surveyed: Surveyed) -> None:
    assert surveyed.effects("reached.one_of_a_value") == ["reached.py: django_orm.count order"]


def test_a_mail_backend_sends_nothing_while_it_is_made(surveyed: Surveyed) -> None:
    assert surveyed.effects("reached.letter") == [
        "reached.py: django_mail.attach_file files",
        "reached.py: django_mail.send_message > mail",
    ]


def test_the_admins_context_asks_for_permissions(surveyed: Surveyed) -> None:
    found = surveyed.effects("reached.like_the_admin")
    assert [one for one in found if "admin_context" in one and "auth_permission" in one]

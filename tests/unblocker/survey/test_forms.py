from collections.abc import Callable

from .conftest import Surveyed

type Told = Callable[[str], list[str]]


def test_a_plain_form_does_not_query(told: Told) -> None:
    assert told("cases.forms:plain") == []


def test_choices_from_a_queryset_are_read_when_the_form_is_checked(told: Told) -> None:
    assert told("cases.forms:choices") == ["django_forms.validate category"]


def test_a_unique_field_is_looked_up_and_saving_writes(told: Told) -> None:
    assert told("cases.forms:unique") == ["django_forms.validate tag", "django_forms.save > tag"]


def test_an_uncommitted_form_writes_nothing_yet(told: Told) -> None:
    assert told("cases.forms:instance") == ["django_orm.get product", "django_orm.save > review"]


def test_showing_a_form_reads_what_it_lets_choose_from(told: Told) -> None:
    assert told("cases.forms:shown") == ["django_shortcuts.render category"]


def test_a_page_counts_and_then_reads_its_rows(told: Told) -> None:
    assert told("cases.forms:paged") == [
        "django_orm.get_page product",
        "~django_orm.iterate product",
    ]


def test_one_field_that_is_shown(told: Told) -> None:
    assert told("cases.forms:one_field") == ["django_shortcuts.render category"]


def test_what_is_asked_of_a_field_or_never_rendered_reads_nothing(surveyed: Surveyed) -> None:
    assert surveyed.effects("forms.no_field") == [
        "forms.py: django_shortcuts.render category",
    ]


def test_an_instance_to_edit_fills_in_many_to_many_fields(surveyed: Surveyed) -> None:
    assert surveyed.effects("forms.edits") == [
        "forms.py: django_orm.get product",
        "forms.py: django_forms.model_to_dict product_tags,tag",
        "forms.py: django_forms.validate category,tag",
        "forms.py: django_forms.save product_tags,tag > product,product_tags",
        "forms.py: django_storage.save > files",
    ]


def test_many_to_many_fields_are_saved_when_asked(surveyed: Surveyed) -> None:
    assert surveyed.effects("forms.saves_in_two_steps") == [
        "forms.py: django_orm.save > product",
        "forms.py: django_storage.save > files",
        "forms.py: django_forms.save product_tags,tag > product_tags",
    ]


def test_a_form_of_django_s_that_queries(told: Told) -> None:
    assert told("cases.forms:logs_in") == ["~?django_auth.authenticate auth_user > auth_user"]


def test_rows_that_a_form_narrows_take_the_place_of_those_it_declares(told: Told) -> None:
    assert told("cases.forms:narrowed") == [
        "django_forms.validate auth_user,category,product,review",
    ]


def test_rows_to_choose_from_are_shown_as_text(surveyed: Surveyed) -> None:
    assert surveyed.effects("forms.shown_rows") == [
        "forms.py: django_shortcuts.render orderitem,product",
        "models.py: django_orm.relation product",
        "rows.html: django_forms.choices orderitem",
    ]


def test_a_form_of_django_s_keeps_the_user_it_is_made_for(surveyed: Surveyed) -> None:
    assert surveyed.effects("forms.sets_password")[-1] == "forms.py: django_orm.save > auth_user"

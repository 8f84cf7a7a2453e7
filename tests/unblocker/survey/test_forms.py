from collections.abc import Callable

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

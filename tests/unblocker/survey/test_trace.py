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

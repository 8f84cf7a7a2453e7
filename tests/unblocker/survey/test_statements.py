from collections.abc import Callable

import pytest

from .conftest import Surveyed, kinds

type Told = Callable[[str], list[str]]

FLOW = "cases.flow"


@pytest.mark.parametrize("start", ["name =", "products =", "same =", "lengths =", "both ="])
def test_steps_that_can_neither_raise_nor_be_noticed(surveyed: Surveyed, start: str) -> None:
    assert surveyed.step(f"{FLOW}:transparent_steps", start).transparent


@pytest.mark.parametrize("start", ["number =", "first =", "x, y =", "z ="])
def test_steps_that_may_raise(surveyed: Surveyed, start: str) -> None:
    assert not surveyed.step(f"{FLOW}:opaque_steps", start).transparent


def test_what_may_not_be_reached_is_not_certain(told: Told) -> None:
    assert told(f"{FLOW}:conditional") == ["?django_orm.get product", "?django_orm.get order"]


def test_binds_and_uses(surveyed: Surveyed) -> None:
    step = surveyed.step(f"{FLOW}:opaque_steps", "z =")
    assert (step.binds, step.uses) == (("z",), ("number", "first"))
    step = surveyed.step(f"{FLOW}:opaque_steps", "x, y =")
    assert (step.binds, step.uses) == (("x", "y"), ("pk",))


def test_whole_operations(surveyed: Surveyed) -> None:
    step = surveyed.step(f"{FLOW}:transparent_steps", "product =")
    assert [operation.whole for operation in step.operations] == [True]
    step = surveyed.step("cases.functions:callback", "found =")
    assert [operation.whole for operation in step.operations] == [False]


def test_whether_a_value_is_used(surveyed: Surveyed) -> None:
    used = surveyed.step(f"{FLOW}:transparent_steps", "product =").operations[0]
    unused = surveyed.step("cases.orm:terminals", "Product.objects.first").operations[0]
    assert (used.value_used, unused.value_used) == (True, False)


def test_blocks_of_compound_statements(surveyed: Surveyed) -> None:
    assert kinds(surveyed.step(f"{FLOW}:branches", "if").blocks) == ["body", "orelse"]
    assert kinds(surveyed.step(f"{FLOW}:loops", "for").blocks) == ["body", "orelse"]
    assert kinds(surveyed.step(f"{FLOW}:exceptions", "try").blocks) == [
        "body",
        "orelse",
        "handler",
        "finally",
    ]
    assert kinds(surveyed.step(f"{FLOW}:matched", "match").blocks) == ["case"] * 3


def test_an_exception_leaves_what_was_fetched_in_doubt(told: Told) -> None:
    category = "~django_orm.relation category"
    assert told(f"{FLOW}:fetched_in_try") == ["django_orm.get product", category, category]


def test_each_round_of_a_loop_has_its_own_objects(told: Told, surveyed: Surveyed) -> None:
    assert told(f"{FLOW}:loop_forgets") == [
        "~django_orm.iterate product",
        "~django_orm.relation category",
    ]
    assert surveyed.step(f"{FLOW}:loops", "return").operations[0].label == "Product.category"


def test_variables_keep_their_type_through_a_loop(told: Told) -> None:
    assert told(f"{FLOW}:loops") == [
        "~django_orm.iterate product",
        "django_orm.count tag",
        "django_orm.count order",
        "~django_orm.relation category",
    ]


def test_columns_count_characters(surveyed: Surveyed) -> None:
    get, count = surveyed.operations(f"{FLOW}:unicode_columns")
    assert (get.place.column, get.id) == (25, f"{get.place.line}:25")
    assert count.place.column == 30


def test_rows_of_several_models_are_told_as_one_operation(surveyed: Surveyed) -> None:
    assert surveyed.told(f"{FLOW}:context_built_up") == ["?django_orm.list order,product,tag x10"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("walrus", ["django_orm.first product"]),
        ("matched", ["django_orm.count product", "django_orm.count tag"]),
        ("deleted", ["django_orm.get product", "django_orm.exists order"]),
        ("branches", ["django_orm.get product", "django_orm.get tag"]),
        (
            "exceptions",
            [
                "django_orm.get product",
                "django_orm.count tag",
                "django_orm.create > product",
                "django_orm.count order",
            ],
        ),
    ],
)
def test_the_rest_of_the_language(told: Told, name: str, expected: list[str]) -> None:
    assert told(f"{FLOW}:{name}") == expected


def test_ids_are_unique_in_a_function(surveyed: Surveyed) -> None:
    functions = surveyed.survey.functions
    assert len(functions) > 100
    for function in functions:
        name = function.id
        steps = [step.id for step in surveyed.steps(name)]
        operations = [operation.id for operation in surveyed.operations(name)]
        assert len(set(steps)) == len(steps), name
        assert len(set(operations)) == len(operations), name

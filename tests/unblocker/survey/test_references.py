from .conftest import Surveyed


def references(surveyed: Surveyed, name: str) -> list[tuple[str, str]]:
    found = surveyed.function(name).references
    return [(one.place.file, one.kind) for one in found]


def test_callers_and_patches_in_tests(surveyed: Surveyed) -> None:
    assert references(surveyed, "helpers:count_products") == [
        ("shop/cases/functions.py", "view"),
        ("shop/cases/functions.py", "view"),
        ("shop/tests.py", "test"),
    ]
    assert ("shop/tests.py", "test") in references(surveyed, "helpers:count_reviews")


def test_a_view_is_named_at_module_level_of_the_urlconf(surveyed: Surveyed) -> None:
    assert references(surveyed, "odd_views:deep") == [("shop/urls.py", "module")]


def test_a_method_with_a_common_name_has_only_its_own_callers(surveyed: Surveyed) -> None:
    assert references(surveyed, "class_views:Numbers.count") == [("shop/class_views.py", "view")]
    assert references(surveyed, "class_views:Numbers.get") == []


def test_recursion_is_no_reference(surveyed: Surveyed) -> None:
    places = [one.place.line for one in surveyed.function("helpers:even").references]
    line = surveyed.function("helpers:even").place.line
    assert all(not line <= place <= line + 1 for place in places)


def test_a_call_is_told_from_a_mention(surveyed: Surveyed) -> None:
    def called(name: str) -> set[bool]:
        return {one.called for one in surveyed.function(name).references}

    assert called("helpers:count_products") == {True}
    assert called("odd_views:deep") == {False}

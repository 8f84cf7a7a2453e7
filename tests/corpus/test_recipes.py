import re

import pytest

from tools.corpus.recipes import UnknownAppError, recipes

RECIPES = recipes()


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_each_recipe_is_whole(recipe) -> None:  # type: ignore[no-untyped-def]
    assert re.fullmatch("[0-9a-f]{64}", recipe.sha256)
    assert any(re.fullmatch(r"Django==\d+\.\d+(\.\d+)?", one) for one in recipe.requirements)
    assert recipe.suite.labels
    own = recipe.settings.startswith("corpus_site.")
    assert own == (recipe.site / "corpus_site" / "settings.py").exists()


def test_all_requirements_are_pinned() -> None:
    loose = [one for recipe in RECIPES for one in recipe.requirements if "==" not in one]
    assert loose == []


def test_ci_runs_some_but_not_all() -> None:
    assert 0 < sum(recipe.ci for recipe in RECIPES) < len(RECIPES)


def test_recipes_are_found_by_name() -> None:
    assert [recipe.name for recipe in recipes(("django-todo",))] == ["django-todo"]


def test_a_name_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(UnknownAppError, match=r"no-such-app is no app.*django-todo"):
        recipes(("no-such-app",))

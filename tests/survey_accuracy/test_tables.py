from pathlib import Path

import pytest

from tools.survey_accuracy.projects import PROJECTS, Project
from tools.survey_accuracy.tables import BadTableError, Spot, Touch, read_table

TABLE = """
# a word about it
view shop.views.basket
  shop/views.py:7 query reads a,b writes c guard
  shop/views.py:7 mail writes mail
  shop/templates/basket.html:3 template

view shop.views.about
"""


def write(folder: Path, text: str) -> Path:
    table = folder / "shop.txt"
    table.write_text(text, encoding="utf-8")
    return table


def test_a_block_for_each_view_and_a_line_for_each_operation(tmp_path: Path) -> None:
    assert read_table(write(tmp_path, TABLE)) == {
        "shop.views.basket": {
            Spot("shop/views.py", 7, "query"): Touch(
                frozenset({"a", "b"}), frozenset({"c"}), guard=True
            ),
            Spot("shop/views.py", 7, "mail"): Touch(writes=frozenset({"mail"})),
            Spot("shop/templates/basket.html", 3, "template"): Touch(),
        },
        "shop.views.about": {},
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("  shop/views.py:7 query\n", "shop.txt:1: not a view"),
        ("view a\n  shop/views.py query\n", "shop.txt:2: not a view"),
        ("view a\n  shop/views.py:7 query reads\n", "shop.txt:2: not a view"),
        (
            "view a\n  shop/views.py:7 query\n  shop/views.py:7 query\n",
            "shop.txt:3: shop/views.py:7",
        ),
        ("view a\nview a\n", "shop.txt:2: a stands there twice"),
    ],
)
def test_a_line_that_says_nothing_is_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadTableError, match=told):
        read_table(write(tmp_path, text))


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_every_project_has_its_table_and_pins(project: Project) -> None:
    assert read_table(project.table)
    assert len(project.sha256) == 64
    assert all("==" in requirement for requirement in project.requirements)

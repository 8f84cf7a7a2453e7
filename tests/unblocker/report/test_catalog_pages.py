from pathlib import Path

from unblocker.catalog import BUILT_IN

PAGES = Path(__file__).parents[3] / "docs" / "catalog"


def test_every_family_has_a_page_and_no_page_is_left_over():
    assert {page.stem for page in PAGES.glob("*.md")} == {family.name for family in BUILT_IN} | {
        "index"
    }


def test_a_page_has_its_familys_title():
    for family in BUILT_IN:
        assert (PAGES / f"{family.name}.md").read_text().startswith(f"# {family.title}\n")

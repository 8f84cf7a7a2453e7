"""The patches: how they are read and applied, and that those of the library fit it."""

import ast
from pathlib import Path

import pytest

from tools.verify_mutants.mutants import BadMutantError, Mutant, load, read
from tools.verify_mutants.scene import LIBRARY

ONE = """What may go wrong.

name: lost
about: the second line is lost
view: shop.views.page
shows: U705 U711
trial: fault

 first
-second
+
 third
...
-fifth
+five
"""
SOURCE = "first\nsecond\nthird\nfourth\nfifth\n"


def mutant(text: str = ONE) -> Mutant:
    (found,) = read(text)
    return found


def test_the_fields_are_read() -> None:
    found = mutant()
    assert (found.name, found.view, found.module) == ("lost", "shop.views.page", "shop.views")
    assert (found.shows, found.trial) == ({"U705", "U711"}, "fault")


def test_each_place_is_changed() -> None:
    assert mutant().apply(SOURCE) == "first\n\nthird\nfourth\nfive\n"


@pytest.mark.parametrize("source", ["first\nthird\nfifth\n", SOURCE + SOURCE])
def test_a_place_must_be_there_once(source: str) -> None:
    with pytest.raises(BadMutantError, match="lost: this is"):
        mutant().apply(source)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("U705 U711", "U705 U199", "unknown: U199"),
        ("trial: fault", "trial: luck", "unknown: luck"),
        ("about: the second line is lost\n", "", "missing or unknown: about"),
        ("view:", "views:", "missing or unknown: view, views"),
        ("+five", "*five", "neither kept, added nor left out"),
        ("+five", "+fifth", "changes nothing"),
    ],
)
def test_a_bad_patch_is_named(right: str, wrong: str, told: str) -> None:
    with pytest.raises(BadMutantError, match=f"lost: {told}"):
        mutant(ONE.replace(right, wrong))


def test_two_of_one_name_are_told(tmp_path: Path) -> None:
    for name in ("a.patch", "b.patch"):
        (tmp_path / name).write_text(ONE)
    with pytest.raises(BadMutantError, match="more than once: lost"):
        load(tmp_path)


def test_there_are_enough() -> None:
    assert len(load()) >= 60


@pytest.mark.parametrize(
    "one", [one for one in load() if one.view.startswith("lending.")], ids=lambda one: one.name
)
def test_a_mutant_of_the_library_fits_it(one: Mutant) -> None:
    assert LIBRARY.by_hand
    source = (LIBRARY.by_hand / "lending" / "views.py").read_text()
    assert ast.parse(one.apply(source))

"""Conversions that are wrong, as a careless hand writes them: the suite finds each."""

import ast
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.traps.stage import pair
from tests.traps.trap import all_traps

WRONG = Path(__file__).parent / "wrong"
IMPORTS = """
from django.shortcuts import aget_object_or_404
from django_unblock import aatomic, background, gather, http
"""
SHOWN_BY = {
    "guards.hidden_between": "reads",
    "querysets.bool_fills_the_cache": "reads",
    "telling.order_of_mails": "mail",
    "flow.finally_writes": "tables",
    "flow.returns_from_a_loop": "reads",
    "outbound.returns_from_the_loop": "outbound",
    "transactions.savepoint_rolled_back": "body",
    "forms_and_sessions.session_between_reads": "body",
    "wrappers.exception_is_caught_outside": "exception",
}
TRAPS = {str(trap): trap for trap in all_traps()}


def wrongly(module: str, source: str) -> str:
    """The module with the views that the source has in their places, at the same URLs."""
    names = [one.name for one in ast.parse(source).body if isinstance(one, ast.AsyncFunctionDef)]
    kept = "".join(f"_{name} = {name}.__doc__\n" for name in names)
    given = "".join(f"{name}.__doc__ = _{name}\n" for name in names)
    return f"{module}\n{IMPORTS}\n{kept}\n{source}\n{given}"


@pytest.fixture(scope="module")
def careless(scene, trees, tmp_path_factory):
    """The project, and the converted one with the wrong views."""
    folder = tmp_path_factory.mktemp("wrong")
    tree = shutil.copytree(trees.new, folder / "new")
    for file in WRONG.glob("*.py"):
        module = tree / "traps" / file.name
        module.write_text(wrongly(module.read_text(), file.read_text()))
    with pair("client", replace(trees, new=tree), scene, folder) as asked:
        yield asked


@pytest.mark.parametrize(("name", "aspect"), SHOWN_BY.items())
def test_a_wrong_conversion_is_found(careless, name, aspect):
    found = careless.differences(TRAPS[name])
    assert f": {aspect}: " in "\n".join(found)


def test_each_wrong_conversion_is_expected_to_be_found():
    written = {
        f"{file.stem}.{one.name}"
        for file in WRONG.glob("*.py")
        for one in ast.parse(file.read_text()).body
        if isinstance(one, ast.AsyncFunctionDef)
    }
    assert written == SHOWN_BY.keys()

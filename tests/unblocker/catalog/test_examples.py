"""Every example of the catalog is converted, or left alone, just as its family's page says."""

import ast
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from unblocker.catalog import families
from unblocker.catalog.base import Example

PROJECT = Path(__file__).parents[1] / "testproject"

IMPORTS = """\
import subprocess
import time
from pathlib import Path
from urllib.request import urlopen

import boto3
import requests
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.mail import send_mail
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from PIL import Image

from shop.forms import ReviewForm
from shop.models import Order, Product, Review
from shop.serializers import TagSerializer
"""

EXAMPLES = {
    f"{family.name}_{entry.name}_{number}": example
    for family in families()
    for entry in family.entries
    for number, example in enumerate(entry.examples)
}


def view(name: str, body: str) -> str:
    return f"\n\ndef {name}(request):\n{textwrap.indent(body, '    ')}\n"


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ast.stmt]:
    """The views of one project that holds all the examples, after `convert --write`."""
    root = tmp_path_factory.mktemp("examples") / "project"
    shutil.copytree(PROJECT, root, ignore=shutil.ignore_patterns("__pycache__", ".unblock"))
    module = root / "shop" / "examples.py"
    module.write_text(IMPORTS + "".join(view(name, one.before) for name, one in EXAMPLES.items()))
    routes = "".join(f"    path('{name}/', examples.{name}),\n" for name in EXAMPLES)
    (root / "config" / "urls.py").write_text(
        f"from django.urls import path\nfrom shop import examples\nurlpatterns = [\n{routes}]\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "unblocker", "convert", str(root), "--write"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = ast.parse(module.read_text()).body
    return {
        one.name: one for one in found if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def shape(function: ast.stmt) -> str:
    return ast.unparse(function)


@pytest.mark.parametrize(("name", "example"), EXAMPLES.items(), ids=EXAMPLES)
def test_example(name: str, example: Example, converted: dict[str, ast.stmt]) -> None:
    text = view(name, example.after).lstrip()
    if example.after != example.before:
        text = f"async {text}"
    assert shape(converted[name]) == shape(ast.parse(text).body[0])


@pytest.mark.parametrize(("name", "example"), EXAMPLES.items(), ids=EXAMPLES)
def test_what_is_left_alone_says_why(name: str, example: Example) -> None:
    assert bool(example.why) is (example.before == example.after), name


def test_there_are_examples_of_both_sorts() -> None:
    left = sum(one.before == one.after for one in EXAMPLES.values())
    assert 5 <= left < len(EXAMPLES) - 5

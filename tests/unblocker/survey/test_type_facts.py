"""What locals hold, told in words, for one view of the test project read by itself."""

import json
import os
import subprocess
import sys

import pytest

from tests.unblocker.survey.conftest import PROJECT
from unblocker.survey.notes import told
from unblocker.survey.values import INERT, NEVER, NONE, UNKNOWN, Items, Mapping, Object, Page

_RUN = """
import json, sys
from pathlib import Path
from unblocker.survey.type_facts import type_facts
views = sys.argv[2:]
found = {view: [(one.function, one.name, one.text, str(one.place)) for one in type_facts(Path(sys.argv[1]), None, view)]
         for view in views}
print(json.dumps(found))
"""
VIEW = "shop.cases.notes.view"
VIEWS = """
from django.shortcuts import render

from shop.models import Order, Product


def cheapest(products):
    return products.order_by("price").first()


def view(request, pk):
    products = Product.objects.filter(stock__gt=0).select_related("category")
    best = cheapest(products)
    orders = list(Order.objects.all())
    for order in orders:
        buyer = order.user
    total = 3
    return render(request, "shop/list.html", {"products": products, "best": best})
"""


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    """By function and name, what is known in a project with the view above; the last place counts."""
    import shutil

    root = tmp_path_factory.mktemp("facts") / "project"
    shutil.copytree(PROJECT, root, ignore=shutil.ignore_patterns("__pycache__", ".unblock"))
    (root / "shop/cases/notes.py").write_text(VIEWS)
    (root / "config/urls.py").write_text(
        "from django.urls import path\nfrom shop.cases import notes\n"
        "urlpatterns = [path('<int:pk>/', notes.view)]\n"
    )
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO_")}
    done = subprocess.run(
        [sys.executable, "-c", _RUN, str(root), VIEW, "shop.cases.notes.nothing"],
        capture_output=True, text=True, check=True, env=environment, cwd=root,
    )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    assert found.pop("shop.cases.notes.nothing") == []
    return {
        (function.partition(":")[2], name): (text, at) for function, name, text, at in found[VIEW]
    }


@pytest.mark.parametrize(
    ("function", "name", "text", "line"),
    [
        ("view", "products", "a queryset of shop.Product with category loaded", 12),
        ("view", "best", "a shop.Product with category loaded, or None", 13),
        ("view", "orders", "a sequence; each is a shop.Order", 14),
        ("view", "order", "a shop.Order", 15),
        ("view", "buyer", "an auth.User", 16),
        ("cheapest", "products", "a queryset of shop.Product with category loaded", 7),
    ],
)
def test_a_local_is_told_with_the_line_that_binds_it(facts, function, name, text, line):
    assert facts[function, name] == (text, f"shop/cases/notes.py:{line}")


def test_what_does_no_io_is_not_told(facts):
    assert not {("view", "pk"), ("view", "total"), ("view", "request")} & facts.keys()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (UNKNOWN, "unknown: it may be anything"),
        (NONE, "None"),
        (INERT, ""),
        (NEVER, ""),
        (Items(INERT), ""),
        (Items(UNKNOWN), "a sequence; each is unknown: it may be anything"),
        (Mapping((("a", UNKNOWN), ("b", INERT)), NEVER), "a dict with a: unknown: it may be anything"),
        (Page(Items(UNKNOWN), paginator=True), "a paginator over a sequence; each is unknown: it may be anything"),
        (Page(INERT, paginator=False), ""),
        (Object(dict), "a builtins.dict"),
    ],
)  # fmt: skip
def test_values_in_words(value, text):
    assert told(value) == text

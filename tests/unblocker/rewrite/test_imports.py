"""Where a new import goes, and how."""

import libcst as cst
import pytest

from unblocker.rewrite.imports import add_imports
from unblocker.rewrite.references import Need, References

GATHER = Need("django_unblock", "gather", "gather")


def added(text, *needs, width=88):
    return add_imports(cst.parse_module(text), needs, frozenset({"shop"}), width).code


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from django_unblock import load\n", "from django_unblock import gather, load\n"),
        ("from django_unblock import arender\n", "from django_unblock import arender, gather\n"),
        ("from django_unblock import zeta, alpha\n", "from django_unblock import zeta, alpha, gather\n"),
        ("from django_unblock import (load)\n", "from django_unblock import (gather, load)\n"),
        (
            "from django_unblock import (\n    arender,  # a\n    load,  # b\n)\n",
            "from django_unblock import (\n    arender,  # a\n    gather,\n    load,  # b\n)\n",
        ),
        (
            "from django_unblock import (\n    arender,\n    background  # b\n)\n",
            "from django_unblock import (\n    arender,\n    background,\n    gather  # b\n)\n",
        ),
        (
            "from django_unblock import (\n    arender,  # a\n)\n",
            "from django_unblock import (\n    arender,  # a\n    gather,\n)\n",
        ),
        ("from django_unblock import A, Zed, b\n", "from django_unblock import A, Zed, b, gather\n"),
        ("from django_unblock import gather\n", "from django_unblock import gather\n"),
        (
            "from django_unblock import *\n",
            "from django_unblock import *\nfrom django_unblock import gather\n",
        ),
    ],
)  # fmt: skip
def test_into_an_import_of_the_same_module(before, after):
    assert added(before, GATHER) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"""Doc."""\n', '"""Doc."""\n\nfrom django_unblock import gather\n'),
        ("x = 1\n", "from django_unblock import gather\n\nx = 1\n"),
        ("# head\n\nx = 1\n", "# head\n\nfrom django_unblock import gather\n\nx = 1\n"),
        (
            "from __future__ import annotations\n\ndef f(): pass\n",
            "from __future__ import annotations\n\nfrom django_unblock import gather\n\n\ndef f(): pass\n",
        ),
        (
            "import os\nimport sys\n\nfrom .models import A\n",
            "import os\nimport sys\n\nfrom django_unblock import gather\n\nfrom .models import A\n",
        ),
        ("from shop.a import b\n", "from django_unblock import gather\n\nfrom shop.a import b\n"),
        (
            "import requests\nfrom django import X\nfrom rest import y\n",
            "import requests\nfrom django import X\nfrom django_unblock import gather\nfrom rest import y\n",
        ),
        (
            "import os\n\n# theirs\nfrom rest_framework import y\n",
            "import os\n\nfrom django_unblock import gather\n# theirs\nfrom rest_framework import y\n",
        ),
        (
            "import os\nimport requests\n\nx = 1\n",
            "import os\nimport requests\nfrom django_unblock import gather\n\nx = 1\n",
        ),
    ],
)  # fmt: skip
def test_a_statement_of_its_own(before, after):
    assert added(before, GATHER) == after


def test_a_line_that_gets_too_long_is_broken():
    text = "from django_unblock import arender, background\n"
    assert added(text, GATHER, width=50) == (
        "from django_unblock import (\n    arender,\n    background,\n    gather,\n)\n"
    )


def test_an_alias():
    need = Need("django_unblock", "http", "unblock_http")
    assert added("x = 1\n", need) == "from django_unblock import http as unblock_http\n\nx = 1\n"


def named(text, dotted):
    references = References(cst.parse_module(text))
    expression = cst.Module(()).code_for_node(references.name(dotted))
    return expression, [need.alias for need in references.needs]


@pytest.mark.parametrize(
    ("text", "dotted", "expression", "needs"),
    [
        ("", "django_unblock.gather", "gather", ["gather"]),
        ("", "django_unblock.http.exceptions.Timeout", "http.exceptions.Timeout", ["http"]),
        ("from django_unblock import gather", "django_unblock.gather", "gather", []),
        ("from django_unblock import gather as g", "django_unblock.gather", "g", []),
        ("import django_unblock.http as h", "django_unblock.http.get", "h.get", []),
        ("gather = 1", "django_unblock.gather", "unblock_gather", ["unblock_gather"]),
        ("gather = unblock_gather = 1", "django_unblock.gather", "unblock_gather_2", ["unblock_gather_2"]),
        ("x.gather(gather=1)", "django_unblock.gather", "gather", ["gather"]),
        ("def f(load): pass", "django_unblock.load", "unblock_load", ["unblock_load"]),
        ("from django import http", "django_unblock.http.get", "unblock_http.get", ["unblock_http"]),
        ("", "afetch", "afetch", []),
    ],
)  # fmt: skip
def test_what_a_dotted_name_is_called(text, dotted, expression, needs):
    assert named(text, dotted) == (expression, needs)

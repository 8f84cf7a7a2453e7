"""Imports go only where the conversion took their last use."""

import libcst as cst
import pytest

from unblocker.rewrite.unused import remove_unused


def cleaned(before, after):
    modules = cst.parse_module(before), cst.parse_module(after)
    return remove_unused(*modules, lambda names: frozenset()).code


@pytest.mark.parametrize(
    ("imports", "left"),
    [
        ("import requests\n", ""),
        ("import os, requests\n", "import os\n"),
        ("import requests, os\n", "import os\n"),
        ("from a import (\n    b,\n    requests,\n)\n", "from a import (\n    b,\n)\n"),
        ("from a import b, x as requests\n", "from a import b\n"),
        ("import requests.exceptions\n", ""),
        ("import os\n\nimport requests\n\nfrom . import b\n", "import os\n\nfrom . import b\n"),
        ("# Ours.\nimport requests\nimport os\n", "# Ours.\nimport os\n"),
        ("import requests  # noqa: F401\n", "import requests  # noqa: F401\n"),
        ("import requests; import os\n", "import requests; import os\n"),
        ("from requests import *\n", "from requests import *\n"),
    ],
)
def test_the_import_of_a_name_without_a_use(imports, left):
    assert cleaned(f"{imports}requests.get()\n", f"{imports}http.get()\n") == f"{left}http.get()\n"


@pytest.mark.parametrize(
    "use",
    [
        "requests.get()",
        "def f(x: 'requests.Response'): pass",
        "__all__ = ['requests']",
        "def f(requests): pass",
    ],
)
def test_an_import_that_is_still_used_stays(use):
    after = f"import requests\n{use}\n"
    assert cleaned("import requests\nrequests.get()\n", after) == after


def test_an_import_that_was_unused_before_stays():
    text = "import requests\nx = 1\n"
    assert cleaned(text, text) == text

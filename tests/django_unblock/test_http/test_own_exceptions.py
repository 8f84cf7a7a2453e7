"""Without requests the exceptions are ours: the same names, bases, attributes and messages."""

import pickle
import subprocess
import sys

import pytest
import requests

from django_unblock import http
from django_unblock.http import own_exceptions

NAMES = [name for name in http.__all__ if hasattr(own_exceptions, name) and "Res" not in name]


def names(kind: type[BaseException]) -> list[str]:
    """The classes it is an instance of, but for urllib3's own base."""
    return [base.__name__ for base in kind.__mro__ if "urllib3" not in base.__module__]


@pytest.mark.parametrize("name", NAMES)
def test_same_bases_as_in_requests(name: str) -> None:
    ours, theirs = getattr(own_exceptions, name), getattr(requests.exceptions, name)
    assert names(ours) == names(theirs)


def test_attributes() -> None:
    error = own_exceptions.HTTPError("said", response=None)
    assert (error.response, error.request, str(error)) == (None, None, "said")


def test_json_error_keeps_its_position() -> None:
    ours = own_exceptions.JSONDecodeError("Expecting value", "x", 0)
    theirs = requests.JSONDecodeError("Expecting value", "x", 0)
    assert (str(ours), ours.doc, ours.pos) == (str(theirs), theirs.doc, theirs.pos)
    assert str(pickle.loads(pickle.dumps(ours))) == str(ours)


def test_used_where_requests_is_not_installed() -> None:
    code = """
import sys
sys.modules["requests"] = None
from django_unblock import http
from django_unblock.http import own_exceptions, prepare
assert http.Timeout is own_exceptions.Timeout
assert prepare._user_agent().startswith("django-unblock/")
try:
    prepare.prepared("GET", "example.test", prepare.Content())
except http.MissingSchema as error:
    print(type(error).__module__, error)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert told.stdout.startswith("django_unblock.http.own_exceptions Invalid URL 'example.test'")

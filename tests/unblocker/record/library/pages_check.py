"""For `pytest pages_check.py`: named so that only that finds it."""

import os

import django
import pytest
from django.test import Client
from django.test.utils import setup_databases, setup_test_environment, teardown_databases

os.environ["DJANGO_SETTINGS_MODULE"] = "library.settings"
django.setup()


@pytest.fixture(scope="session", autouse=True)
def databases():
    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    yield
    teardown_databases(made, verbosity=0)


def test_counts():
    assert Client().get("/").status_code == 200


def test_what_is_wrong():
    assert Client().get("/page/").status_code == 404

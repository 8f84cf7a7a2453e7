import os

import django
import pytest
from django.test.utils import setup_databases, setup_test_environment, teardown_databases

os.environ["DJANGO_SETTINGS_MODULE"] = "library.settings"
django.setup()


@pytest.fixture(scope="session", autouse=True)
def databases():
    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    yield
    teardown_databases(made, verbosity=0)

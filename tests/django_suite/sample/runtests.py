"""Stands where Django's `runtests.py` does, with the one function and the one list that are used of it."""

import django
from django.conf import settings
from django.test.utils import get_runner

ALWAYS_INSTALLED_APPS = []


def django_tests(*, test_labels, **_options):
    django.setup()
    return get_runner(settings)(verbosity=0).run_tests(test_labels)

"""The settings of the run inside Django's tests folder; the parent chooses by environment variables."""

import json
import os

import django

DATABASES = json.loads(os.environ["SUITE_DATABASES"])
TEST_RUNNER = "suite_runner.Runner"
SECRET_KEY = "django_tests_secret_key"  # noqa: S105 - not secret: some tests look for this one
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
USE_TZ = False
if django.VERSION < (6, 0):
    DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

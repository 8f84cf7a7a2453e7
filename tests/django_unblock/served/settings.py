"""The test project's settings on the database that the environment names."""

import json
import os

from testapp.settings import *  # noqa: F403 - a settings module

ROOT_URLCONF = "served.urls"
DATABASES = {
    "default": {"ENGINE": "django_unblock.db.postgresql"}
    | json.loads(os.environ["SERVED_DATABASE"])
}
UNBLOCK = {"DRAIN_SECONDS": 5.0}

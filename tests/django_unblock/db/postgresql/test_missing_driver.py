"""Without its driver, the engine says what to install."""

import subprocess
import sys

import pytest

SETTINGS = """
import sys
sys.modules[{missing!r}] = None
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["django_unblock"],
    DATABASES={{"default": {{"ENGINE": "django_unblock.db.postgresql", "NAME": "shop"}}}},
)
import django
django.setup()
"""


@pytest.mark.parametrize("missing", ["psycopg", "psycopg_pool"])
def test_the_project_ends_with_what_to_install(missing: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", SETTINGS.format(missing=missing)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    told = ended.stderr.splitlines()[-1]
    assert told.startswith("django.core.exceptions.ImproperlyConfigured: R503: ")
    assert missing in told
    assert "pip install 'psycopg[binary,pool]'" in told

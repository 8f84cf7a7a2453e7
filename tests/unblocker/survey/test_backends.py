"""What comes with `request.user`: an authentication backend may select relations when it loads the user."""

from pathlib import Path

import pytest

from unblocker.records.codec import load
from unblocker.records.survey import Survey

from .conftest import run_survey

FILES = {
    "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\n',
    "settings.py": """
SECRET_KEY = "x"
ROOT_URLCONF = "urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "people"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
""",
    "people/__init__.py": "",
    "people/models.py": """
from django.conf import settings
from django.db import models

class Profile(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="profile")
    city = models.CharField(max_length=20)
""",
    "backends.py": """
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend

class WithProfile(ModelBackend):
    def get_user(self, user_id):
        users = get_user_model()
        try:
            return users._default_manager.select_related("profile").get(pk=user_id)
        except users.DoesNotExist:
            return None

class Named(WithProfile):
    pass
""",
    "urls.py": """
from django.http import HttpResponse
from django.urls import path

def city(request):
    return HttpResponse(request.user.profile.city)

urlpatterns = [path("", city)]
""",
}


@pytest.mark.parametrize(
    ("backends", "reads_profile"),
    [
        (["backends.WithProfile"], False),
        (["backends.WithProfile", "backends.Named"], False),
        (["backends.WithProfile", "django.contrib.auth.backends.ModelBackend"], True),
        (["django.contrib.auth.backends.ModelBackend"], True),
    ],
)
def test_what_every_backend_selects_is_there(
    tmp_path: Path, backends: list[str], reads_profile: bool
) -> None:
    for name, text in FILES.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with (tmp_path / "site" / "settings.py").open("a", encoding="utf-8") as settings:
        settings.write(f"AUTHENTICATION_BACKENDS = {backends}\n")
    ended = run_survey(tmp_path / "site", tmp_path / "survey.json")
    assert ended.returncode == 0, ended.stderr
    survey = load(tmp_path / "survey.json", Survey)
    [view] = survey.views
    tables = {place.name for number in view.effects for place in survey.effects[number].reads}
    assert "auth_user" in tables
    assert ("people_profile" in tables) is reads_profile

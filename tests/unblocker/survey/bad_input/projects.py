"""Small projects, written out for one test, and what the survey says of them."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from unblocker.records.codec import load
from unblocker.records.survey import Problem, Survey, View

MANAGE = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conf")
"""
SETTINGS = """
SECRET_KEY = "x"
ROOT_URLCONF = "urls"
USE_TZ = True
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "nobody"}}
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "app"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
"""
MODELS = """
from django.db import models

class Thing(models.Model):
    name = models.CharField(max_length=9)
    owner = models.ForeignKey("auth.User", models.CASCADE)
"""
VIEWS = """
from django.http import HttpResponse
from app.models import Thing

def fine(request):
    return HttpResponse(Thing.objects.count())
"""
URLS = """
from django.urls import path
from app import views

urlpatterns = [path("fine/", views.fine)]
"""
FILES: dict[str, str | bytes] = {
    "manage.py": MANAGE,
    "conf.py": SETTINGS,
    "urls.py": URLS,
    "app/__init__.py": "",
    "app/models.py": MODELS,
    "app/views.py": VIEWS,
}


def write(folder: Path, files: dict[str, str | bytes]) -> None:
    """Write the files, over those that are there."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def make(folder: Path, files: dict[str, str | bytes]) -> Path:
    """A small project that can be surveyed, with these files, too."""
    write(folder, {**FILES, **files})
    return folder


@dataclass(frozen=True)
class Ended:
    """The survey command's end."""

    status: int
    output: str
    errors: str
    folder: Path

    @property
    def survey(self) -> Survey:
        assert self.status == 0, self.errors
        return load(self.folder / ".unblock" / "survey.json", Survey)

    @property
    def code(self) -> str:
        """The code of the error that it ended with."""
        assert self.status == 2, self.errors
        assert "Traceback" not in self.errors
        last = self.errors[self.errors.rindex("error: ") :]
        return last.split()[1]

    def view(self, name: str) -> View:
        [found] = [
            one for one in self.survey.views if one.id.endswith(f".{name}") or one.id == name
        ]
        return found

    def problems(self) -> list[Problem]:
        """All problems, those of views too."""
        survey = self.survey
        views = (problem for view in survey.views for problem in view.problems)
        return list(dict.fromkeys([*survey.problems, *views]))

    def told(self) -> set[tuple[str, str]]:
        """Each problem's code and where it is: its place, or the first quoted or named thing in its text."""
        return {(one.code, str(one.place) if one.place else one.text) for one in self.problems()}


def survey(folder: Path, *options: str, **variables: str) -> Ended:
    """Run `django-unblock survey` on the folder, in a process of its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO_")}
    ended = subprocess.run(
        [sys.executable, "-m", "unblocker", "survey", str(folder), *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder.parent,
        env={**kept, **variables},
        stdin=subprocess.DEVNULL,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr, folder)

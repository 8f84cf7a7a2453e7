"""Templates that can't be loaded are told one by one; their views are surveyed without them."""

from pathlib import Path

import pytest

from .projects import VIEWS, Ended, make, survey

NAMES = (
    "unclosed",
    "no_tag",
    "no_library",
    "latin",
    "itself",
    "around",
    "good",
    "gone",
    "raising",
)
JINJA = ("jinja_good", "jinja_bad")
SETTINGS = """
SECRET_KEY = "x"
ROOT_URLCONF = "urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "nobody"}}
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "app"]
TEMPLATES = [
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {"loaders": [
        "django.template.loaders.app_directories.Loader", "app.loaders.Raising"]}},
    {"BACKEND": "django.template.backends.jinja2.Jinja2", "APP_DIRS": True, "NAME": "jinja"},
]
"""
LOADERS = """
from django.template.loaders.base import Loader

class Raising(Loader):
    def get_template_sources(self, name):
        if "raising" in name:
            raise RuntimeError("the loader is broken")
        return []
"""
LOOP = "{% for thing in things %}{{ thing.owner.username }}{% endfor %}"
FILES: dict[str, str | bytes] = {
    "conf.py": SETTINGS,
    "app/loaders.py": LOADERS,
    "app/templatetags/__init__.py": "",
    "app/templates/unclosed.html": "{% if x %}",
    "app/templates/no_tag.html": "{% no_such_tag %}",
    "app/templates/no_library.html": "{% load no_such_library %}",
    "app/templates/latin.html": "café".encode("latin-1"),
    "app/templates/itself.html": LOOP + '{% include "itself.html" %}',
    "app/templates/around.html": '{% extends "around2.html" %}{% block a %}{{ block.super }}{% endblock %}',
    "app/templates/around2.html": '{% extends "around.html" %}',
    "app/templates/good.html": LOOP,
    "app/jinja2/jinja_good.html": LOOP,
    "app/jinja2/jinja_bad.html": "{% for thing in things %}{{ thing",
    "app/views.py": "from django.shortcuts import render\n" + VIEWS + "".join(
        f"\ndef {name}(request):\n    things = Thing.objects.all()\n"
        f"    return render(request, '{name}.html', {{'things': things}})\n"
        for name in (*NAMES, *JINJA)
    ),
    "urls.py": f"""
from django.urls import path
from app import views

urlpatterns = [path(name, getattr(views, name)) for name in {("fine", *NAMES, *JINJA)!r}]
""",
}  # fmt: skip


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    return survey(make(tmp_path_factory.mktemp("templates") / "project", FILES))


def test_each_is_told(ended: Ended) -> None:
    told = {(one.code, name) for one in ended.problems() for name in (*NAMES, *JINJA, "around2")
            if f"template {name}.html" in one.text}  # fmt: skip
    assert told >= {
        ("U404", "unclosed"), ("U404", "no_tag"), ("U404", "no_library"), ("U420", "latin"), ("U420", "raising"),
        ("U403", "gone"), ("U405", "jinja_good"), ("U404", "jinja_bad"),
    }  # fmt: skip
    assert "U406" not in {code for code, _ in told}
    assert ("U404", "good") not in told


def test_every_problem_is_one_line(ended: Ended) -> None:
    assert all("\n" not in one.text for one in ended.problems())


@pytest.mark.parametrize("name", ["fine", "good", "itself"])
def test_what_can_be_read_is(ended: Ended, name: str) -> None:
    view = ended.view(name)
    [function] = [one for one in ended.survey.functions if one.id == view.function]
    assert "table app_thing" in {str(place) for place in function.reads}


@pytest.mark.parametrize("name", ["unclosed", "latin", "gone", "raising", "jinja_good"])
def test_what_cannot_may_do_anything(ended: Ended, name: str) -> None:
    view = ended.view(name)
    [function] = [one for one in ended.survey.functions if one.id == view.function]
    assert "unknown" in {str(place) for place in function.reads}


BROKEN: dict[str, dict[str, str | bytes]] = {
    "a loader that is not there": {
        "conf.py": SETTINGS.replace("app.loaders.Raising", "app.no_such.Loader")
    },
    "a library of tags that fails": {"app/templatetags/broken.py": "raise RuntimeError('no')\n"},
}


@pytest.mark.parametrize("what", BROKEN)
def test_an_engine_that_cannot_be_made(tmp_path: Path, what: str) -> None:
    ended = survey(make(tmp_path / "project", {**FILES, **BROKEN[what]}))
    assert {one.code for one in ended.problems()} == {"U420"}
    assert len(ended.survey.views) == 1 + len(NAMES) + len(JINJA)

"""A class-based view that a view calls, and the backends that `authenticate()` asks."""

import pytest

from .conftest import SmallSite, survey_site

VIEWS = """
from django.contrib.auth import authenticate
from django.http import HttpResponse
from django.views.generic import ListView, View
from books.models import Book, Shelf

class Shelves(ListView):
    model = Shelf
    template_name = "shelves.html"

class Both(View):
    def get(self, request, *args, **kwargs):
        return HttpResponse(Book.objects.count())
    def post(self, request, *args, **kwargs):
        Shelf.objects.create(name="a")
        return HttpResponse("")

_shelves = Shelves.as_view()
_both = Both.as_view()

def generic(request):
    if request.GET:
        return HttpResponse("")
    return _shelves(request)

def own(request):
    return _both(request)

def in_two_steps(request):
    return Both.as_view()(request)

def found(request):
    user = authenticate(request, username=request.POST["name"])
    return HttpResponse(user is None)

def not_known(request):
    return request.view(request)
"""
BACKENDS = """
from django.contrib.auth.backends import ModelBackend
from books.models import Shelf

class ByShelf(ModelBackend):
    def authenticate(self, request, username=None, **kwargs):
        if Shelf.objects.filter(name=username).exists():
            return super().authenticate(request, username=username, **kwargs)
"""
SETTINGS = """
from settings import *
AUTHENTICATION_BACKENDS = ["backends.ByShelf"]
"""
FILES = {
    "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "more")\n',
    "more.py": SETTINGS,
    "backends.py": BACKENDS,
    "books/templates/shelves.html": "{% for one in object_list %}{{ one.name }}{% endfor %}",
}
NAMES = "generic own in_two_steps found not_known"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    return survey_site(tmp_path_factory.mktemp("views"), VIEWS, NAMES, FILES)


def test_a_generic_views_operations_stand_where_it_is_called(site: SmallSite) -> None:
    assert site.effects("generic") == [
        "shelves.html:1 django_orm.iterate shelf",
        "urls.py:24 django_shortcuts.template_response shelf",
    ]


def test_each_method_of_the_projects_own_is_followed(site: SmallSite) -> None:
    assert site.effects("own") == [
        "urls.py:13 django_orm.count book",
        "urls.py:15 django_orm.create > shelf",
    ]


@pytest.mark.parametrize("view", ["in_two_steps", "not_known"])
def test_a_view_that_is_not_known_is_unknown(site: SmallSite, view: str) -> None:
    assert any("unknown.call" in line for line in site.effects(view))


def test_the_backends_of_the_settings_are_asked(site: SmallSite) -> None:
    assert [line for line in site.effects("found") if line.startswith("backends.py")] == [
        "backends.py:7 django_orm.exists shelf",
        "backends.py:8 django_auth.authenticate auth_user > auth_user",
    ]

"""What a view is called with: what its route captures, what the URLconf adds, and its own defaults."""

import pytest

from .conftest import SITE, Surveyed, survey_of

FILES = {
    "books/models.py": """
from django.db import models

class Book(models.Model):
    pass

class Film(models.Model):
    pass
""",
    "books/templates/books.html": "{% for book in rows %}{% endfor %}",
    "books/views.py": """
from functools import wraps
from django.http import HttpResponse
from django.shortcuts import render
from django.contrib.auth.decorators import login_required
from books.models import Book

def with_another_template(view):
    @wraps(view)
    def inner(request, *args, **kwargs):
        return view(request, *args, template="films.html", **kwargs)
    return inner

@login_required
def default(request, template="books.html"):
    return render(request, template, {"rows": Book.objects.all()})

def captured(request, template="books.html"):
    return render(request, template, {"rows": Book.objects.all()})

def captured_by_one_route(request, template="books.html"):
    return render(request, template, {"rows": Book.objects.all()})

def captured_without_a_name(request, template="books.html"):
    return render(request, template, {"rows": Book.objects.all()})

def given_by_the_include(request, template="books.html"):
    return render(request, template, {"rows": Book.objects.all()})

@with_another_template
def given_by_a_decorator(request, template="books.html"):
    return render(request, template, {"rows": Book.objects.all()})
""",
    "books/urls.py": """
from django.urls import path
from books import views
urlpatterns = [path("given/", views.given_by_the_include)]
""",
    "urls.py": """
from django.urls import include, path, re_path
from books import views

found = [
    path("default/", views.default),
    path("captured/<str:template>/", views.captured),
    path("once/", views.captured_by_one_route),
    path("once/<str:template>/", views.captured_by_one_route),
    re_path("unnamed/([a-z]*)/", views.captured_without_a_name),
    path("more/", include("books.urls"), {"template": "films.html"}),
    path("decorated/", views.given_by_a_decorator),
]
""",
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Surveyed:
    files = {**FILES, "books/routes.py": FILES["urls.py"].replace("found", "urlpatterns")}
    files["urls.py"] = ""
    files["settings.py"] = SITE["settings.py"].replace('"urls"', '"books.routes"')
    return survey_of(tmp_path_factory.mktemp("arguments"), files)


def test_a_default_is_what_a_view_gets_where_nobody_gives_another(books: Surveyed) -> None:
    assert "books.html: django_orm.iterate books_book" in books.effects("default")


@pytest.mark.parametrize(
    "name",
    [
        "captured",
        "captured_by_one_route",
        "captured_without_a_name",
        "given_by_the_include",
        "given_by_a_decorator",
    ],
)
def test_what_may_be_given_is_not_the_default(books: Surveyed, name: str) -> None:
    assert books.effects(name) == ["views.py: django_shortcuts.render unknown > unknown"]

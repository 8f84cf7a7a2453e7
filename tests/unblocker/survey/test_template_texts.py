"""Templates that are found by name or made of a text, and rendered by themselves."""

import pytest

from .conftest import Surveyed, survey_of

FILES = {
    "books/models.py": """
from django.db import models

class Shelf(models.Model):
    name = models.CharField(max_length=20)

class Book(models.Model):
    shelf = models.ForeignKey(Shelf, models.CASCADE)
""",
    "books/templates/book.html": "{{ book.shelf.name }}",
    "books/templatetags/__init__.py": "",
    "books/templatetags/shelves.py": """
from django.template import Library
from books.models import Shelf
register = Library()

@register.simple_tag
def shelves():
    return Shelf.objects.count()

@register.filter
def first_on(value):
    return Shelf.objects.first()
""",
    "urls.py": """
from books.models import Book
from django.http import HttpResponse
from django.template import Context, Template, loader

def by_name(request):
    template = loader.get_template("book.html")
    return HttpResponse(template.render({"book": Book.objects.get(pk=1)}, request))

def by_a_name_of_the_request(request):
    template = loader.get_template(request.GET["name"])
    return HttpResponse(template.render({"book": Book.objects.get(pk=1)}, request))

def of_a_text(request):
    template = Template("{% load shelves %}" + request.GET["text"])
    return HttpResponse(template.render(Context({})))

def of_a_known_text(request):
    return HttpResponse(Template("{% load shelves %}{% shelves %}").render(Context()))

def that_loads_nothing(request):
    return HttpResponse(Template(request.GET["text"]).render(Context({})))
""",
}
TEXT = "urls.py: django_shortcuts.render_template unknown > unknown"


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Surveyed:
    return survey_of(tmp_path_factory.mktemp("texts"), FILES)


def test_a_template_that_is_rendered_later_is_followed(books: Surveyed) -> None:
    assert "book.html: django_orm.relation books_shelf" in books.effects("by_name")
    assert TEXT not in books.effects("by_name")


def test_a_template_of_any_name_is_unknown(books: Surveyed) -> None:
    assert books.effects("by_a_name_of_the_request") == [
        TEXT,
        "urls.py: django_orm.get books_book",
    ]


def test_a_text_may_ask_for_the_tags_that_it_loads_and_for_more(books: Surveyed) -> None:
    assert books.effects("of_a_text") == [
        "shelves.py: django_orm.count books_shelf",
        "shelves.py: django_orm.first books_shelf",
        TEXT,
    ]


def test_a_known_text_asks_for_no_tag_that_it_does_not_name(books: Surveyed) -> None:
    assert books.effects("of_a_known_text") == ["shelves.py: django_orm.count books_shelf", TEXT]


def test_a_text_that_loads_nothing_is_only_unknown(books: Surveyed) -> None:
    assert books.effects("that_loads_nothing") == [TEXT]

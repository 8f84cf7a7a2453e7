"""What filters make of instances and rows: many of Django's make a text of them first."""

import pytest

from .conftest import Surveyed, survey_of

FILES = {
    "books/models.py": """
from django.db import models

class Shelf(models.Model):
    name = models.CharField(max_length=20)

class Book(models.Model):
    title = models.CharField(max_length=20)
    shelf = models.ForeignKey(Shelf, models.CASCADE)

    def __str__(self):
        return f"{self.title} on {self.shelf.name}"
""",
    "books/templatetags/__init__.py": "",
    "books/templatetags/own.py": """
from django.template import Library
from django.template.defaultfilters import stringfilter
register = Library()

@register.filter
@stringfilter
def shouted(value):
    return value.upper()

@register.filter
def title_of(value):
    return value.title
""",
    "books/templates/text.html": "{{ book|linebreaks }}",
    "books/templates/own.html": "{% load own %}{{ book|shouted }}",
    "books/templates/attribute.html": "{% load own %}{{ book|title_of }}",
    "books/templates/default.html": "{{ book|yesno }}",
    "books/templates/joined.html": "{{ books|join:', ' }}",
    "books/templates/counted.html": "{{ books|length }}",
    "urls.py": """
from books.models import Book
from django.shortcuts import render

def text(request):
    return render(request, "text.html", {"book": Book.objects.get(pk=1)})

def own(request):
    return render(request, "own.html", {"book": Book.objects.get(pk=1)})

def attribute(request):
    return render(request, "attribute.html", {"book": Book.objects.get(pk=1)})

def default(request):
    return render(request, "default.html", {"book": Book.objects.get(pk=1)})

def joined(request):
    return render(request, "joined.html", {"books": Book.objects.all()})

def counted(request):
    return render(request, "counted.html", {"books": Book.objects.all()})
""",
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Surveyed:
    return survey_of(tmp_path_factory.mktemp("filters"), FILES)


@pytest.mark.parametrize(
    ("name", "is_read"),
    [
        ("text", True),
        ("own", True),
        ("attribute", False),
        ("default", False),
        ("joined", True),
        ("counted", False),
    ],
)
def test_the_text_of_an_instance_may_query(books: Surveyed, name: str, is_read: bool) -> None:
    told = [line for line in books.effects(name) if line.startswith("models.py")]
    assert told == ["models.py: django_orm.relation books_shelf"] * is_read

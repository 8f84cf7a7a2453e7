"""What the process keeps once it has read it is not read again in the same request."""

import pytest

from .conftest import Surveyed, survey_of

FILES = {
    "books/models.py": """
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models

class Note(models.Model):
    kind = models.ForeignKey(ContentType, models.CASCADE)
    number = models.IntegerField()
    subject = GenericForeignKey("kind", "number")

class Book(models.Model):
    notes = GenericRelation(Note, "number", "kind")

class Film(models.Model):
    pass
""",
    "urls.py": """
from books.models import Book, Film
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse

def kind_of(model):
    return ContentType.objects.get_for_model(model)

def again():
    return ContentType.objects.get_for_model(Book)

def twice(request):
    return HttpResponse([ContentType.objects.get_for_model(Book), ContentType.objects.get_for_model(Book)])

def of_two(request):
    return HttpResponse([ContentType.objects.get_for_model(Book), ContentType.objects.get_for_model(Film)])

def after_a_helper(request):
    kind_of(Book)
    return HttpResponse(ContentType.objects.get_for_model(Book))

def before_a_helper(request):
    ContentType.objects.get_for_model(Book)
    return HttpResponse(again())

def perhaps(request):
    if request.GET:
        ContentType.objects.get_for_model(Book)
    return HttpResponse(ContentType.objects.get_for_model(Book))

def of_any(request):
    model = next(iter(request.GET))
    return HttpResponse([ContentType.objects.get_for_model(model), ContentType.objects.get_for_model(model)])

def notes(request):
    book = Book(pk=1)
    return HttpResponse([book.notes.count(), book.notes.exists()])
""",
}
READ = "urls.py: django_contenttypes.of_model django_content_type"


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Surveyed:
    return survey_of(tmp_path_factory.mktemp("kept"), FILES)


@pytest.mark.parametrize(
    ("name", "reads"),
    [
        ("twice", 1),
        ("of_two", 2),
        ("after_a_helper", 1),
        ("before_a_helper", 1),
        ("perhaps", 2),
        ("of_any", 2),
    ],
)
def test_a_content_type_is_read_once(books: Surveyed, name: str, reads: int) -> None:
    assert books.effects(name) == [READ] * reads


def test_a_generic_relation_asks_for_the_content_type_of_its_own_model(books: Surveyed) -> None:
    assert books.effects("notes") == [
        READ,
        "urls.py: django_orm.count books_note",
        "urls.py: django_orm.exists books_note",
    ]

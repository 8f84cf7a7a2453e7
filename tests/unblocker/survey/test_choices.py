"""A value that is one of a few: of this model or of that, this class or that; and loops over such values."""

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

class Film(models.Model):
    title = models.CharField(max_length=20)
    shelf = models.ForeignKey(Shelf, models.CASCADE)
    def save(self, *args, **kwargs):
        Shelf.objects.count()
        super().save(*args, **kwargs)

class Song(models.Model):
    title = models.CharField(max_length=20)
""",
    "urls.py": """
import random
from books.models import Book, Film, Shelf, Song
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

MODELS = [Book, Song]
TABLES = ({"model": Book, "also": (("shelf", Shelf),)}, {"model": Song})
GROWING = [Book, Song]

def in_a_loop(request):
    for model in MODELS:
        for row in model.objects.filter(title="x"):
            row.delete()
    return HttpResponse()

def by_row_of_a_table(request):
    for table in TABLES:
        for row in table["model"].objects.all():
            for name, model in table.get("also", ()):
                getattr(row, name).save()
            if "also" in table:
                row.save()
    return HttpResponse()

def one_or_the_other(request):
    rows = Book.objects.all() if request.GET else Song.objects.all()
    return HttpResponse(rows.count())

def first_of(request):
    row = Book.objects.first() or Film.objects.first()
    return HttpResponse(row.shelf.name)

def saved_in_two_ways(request):
    row = Book.objects.get(pk=1) if request.GET else Film.objects.get(pk=1)
    row.save()
    return HttpResponse()

def looked_up(request):
    model = Book if request.GET else Song
    return HttpResponse(get_object_or_404(model, pk=1).title)

def listed(request):
    return HttpResponse(list(Book.objects.all() if request.GET else Song.objects.all()))

def with_criteria(request):
    from django.db.models import Q
    criteria = []
    if request.GET:
        criteria.append(Q(shelf__name="x"))
    return HttpResponse(Book.objects.filter(*criteria).count())

def with_any_criteria(request):
    criteria = random.choice(GROWING)
    return HttpResponse(Book.objects.filter(*criteria).count())

def anything(request):
    row = Book.objects.first() if request.GET else open("x")
    return HttpResponse(row.save())

def data_or_rows(request):
    rows = Book.objects.all() if request.GET else [1, 2]
    return HttpResponse(rows.count())

def grown(request):
    GROWING.append(Shelf)
    for model in GROWING:
        model.objects.update(title="y")
    return HttpResponse()

def perhaps_in_a_dictionary(request):
    found = {}
    if request.GET:
        found["book"] = Book.objects.first()
    book = found.get("book")
    return HttpResponse(book and book.shelf.name)

def rebuilt(request):
    Song(**{name: request.GET[name] for name in ("title",)}).save()
    Book(**{name: request.GET[name] for name in ("title",)}).shelf
    return HttpResponse()
""",
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Surveyed:
    return survey_of(tmp_path_factory.mktemp("books"), FILES)


def told(books: Surveyed, name: str) -> list[str]:
    return [line.replace("books_", "") for line in books.told(f"urls:{name}")]


def test_a_loop_over_models_does_the_same_with_each(books: Surveyed) -> None:
    assert told(books, "in_a_loop") == [
        "~django_orm.iterate book,song",
        "django_orm.delete book,song > book,song",
    ]


def test_a_loop_over_a_table_keeps_apart_what_belongs_to_each_row(books: Surveyed) -> None:
    assert told(books, "by_row_of_a_table") == [
        "~django_orm.iterate book,song",
        "~django_orm.relation shelf",
        "django_orm.save > shelf",
        "django_orm.save > book,song",
    ]
    assert books.effects("by_row_of_a_table")[-1] == "urls.py: django_orm.save > books_book"


@pytest.mark.parametrize(
    ("name", "operations"),
    [
        ("one_or_the_other", ["django_orm.count book,song"]),
        ("looked_up", ["!django_shortcuts.get_object_or_404 book,song"]),
        ("listed", ["django_orm.list book,song"]),
        ("with_criteria", ["django_orm.count book,shelf"]),
    ],
)
def test_what_one_of_two_does_is_one_operation(
    books: Surveyed, name: str, operations: list[str]
) -> None:
    assert told(books, name) == operations


def test_relations_of_one_of_two(books: Surveyed) -> None:
    assert told(books, "first_of")[-1] == "~django_orm.relation shelf"


def test_two_that_are_saved_in_different_ways_have_no_call_that_could_be_rewritten(
    books: Surveyed,
) -> None:
    assert told(books, "saved_in_two_ways")[2:] == [
        "~?django_orm.save > book",
        "~?project.call shelf > film",
    ]


def test_any_object_or_data_stays_unknown(books: Surveyed) -> None:
    assert told(books, "anything")[-1] == "unknown.call unknown > unknown"
    assert told(books, "data_or_rows") == ["unknown.call unknown > unknown"]
    assert told(books, "with_any_criteria") == ["django_orm.count table,book"]


def test_a_list_that_functions_change_is_not_gone_through_item_by_item(books: Surveyed) -> None:
    assert told(books, "grown") == ["unknown.call unknown > unknown"]


def test_what_a_dictionary_has_not_is_none(books: Surveyed) -> None:
    assert told(books, "perhaps_in_a_dictionary")[-1] == "~?django_orm.relation shelf"


def test_a_dictionary_made_over_names_has_those_names(books: Surveyed) -> None:
    assert told(books, "rebuilt") == ["django_orm.save > song"]

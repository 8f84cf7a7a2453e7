"""Functions that are made inside another one, and called where they were handed to."""

import pytest

from .conftest import SmallSite, survey_site

MAKERS = """
from books.models import Book, Shelf

def counter(rows):
    def count():
        return rows.count()
    return count

def pair():
    return lambda: Book.objects.count(), lambda: Shelf.objects.count()

def either(flag):
    def one():
        return Book.objects.count()
    def other():
        return Shelf.objects.count()
    return one if flag else other

class Holder:
    def __init__(self):
        def load():
            return Book.objects.first()
        self.load = load

def call(function):
    return function()

def recursive():
    def down(n):
        return down(n - 1) if n else Book.objects.count()
    return down
"""
VIEWS = """
import re
from django.http import HttpResponse
from books.models import Book, Shelf
from makers import Holder, call, counter, either, pair, recursive

def returned(request):
    return HttpResponse(counter(Book.objects.all())())

def returned_of_another(request):
    return HttpResponse(counter(Shelf.objects.all())())

def in_a_tuple(request):
    books, _ = pair()
    return HttpResponse(books())

def kept(request):
    return HttpResponse(Holder().load().shelf.name)

def handed_on(request):
    def count():
        return Shelf.objects.count()
    return HttpResponse(call(count))

def for_each_match(request):
    return HttpResponse(re.sub("a", replacement(Book.objects.all()), "aha"))

def replacement(rows):
    def replace(match):
        return rows.get(title=match.group("title")).title
    return replace

def calls_itself(request):
    return HttpResponse(recursive()(3))

def one_of_two(request):
    return HttpResponse(either(request.GET.get("flag"))())

def never_called(request):
    counter(Book.objects.all())
    return HttpResponse("")
"""
NAMES = (
    "returned returned_of_another in_a_tuple kept handed_on for_each_match calls_itself one_of_two"
    " never_called"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    folder = tmp_path_factory.mktemp("closures")
    return survey_site(folder, VIEWS, NAMES, {"makers.py": MAKERS})


@pytest.mark.parametrize(
    ("view", "effects"),
    [
        ("returned", ["makers.py:6 django_orm.count book"]),
        ("returned_of_another", ["makers.py:6 django_orm.count shelf"]),
        (
            "kept",
            ["makers.py:22 django_orm.first book", "urls.py:18 django_orm.relation shelf"],
        ),
        ("handed_on", ["urls.py:22 django_orm.count shelf"]),
        ("for_each_match", ["urls.py:30 django_orm.get book"]),
        ("calls_itself", ["makers.py:30 django_orm.count book"]),
        ("never_called", []),
    ],
)
def test_it_is_read_with_what_it_holds(site: SmallSite, view: str, effects: list[str]) -> None:
    assert site.effects(view) == effects


@pytest.mark.parametrize("view", ["one_of_two", "in_a_tuple"])
def test_a_function_that_may_be_several_is_unknown(site: SmallSite, view: str) -> None:
    assert [line.partition(" ")[2] for line in site.effects(view)] == [
        "unknown.call unknown > unknown"
    ]

"""Objects of the project's own classes: what their initializers leave in them, told apart from one to the other."""

import pytest

from .conftest import SmallSite, survey_site

LISTING = """
class Listing:
    def __init__(self, rows, start=0):
        self.rows = rows
        self.start = start
        self.found = None
        self.count()

    def count(self):
        self.size = 3

    def total(self):
        return self.rows.count()

    def load(self):
        self.rows = list(self.rows)
        return self.rows

class Titled(Listing):
    def __init__(self, rows, title):
        super().__init__(rows)
        self.title = title

class Changed(Listing):
    pass

class Anything:
    def __init__(self, **given):
        for name, value in given.items():
            setattr(self, name, value)
"""
VIEWS = """
from dataclasses import dataclass
from django.http import HttpResponse
from books.models import Book, Shelf
from listing import Anything, Changed, Listing, Titled

@dataclass
class Pair:
    left: object
    right: object

def of_books(request):
    return HttpResponse(Listing(Book.objects.all()).total())

def of_shelves(request):
    return HttpResponse(Listing(Shelf.objects.all()).total())

def inherited(request):
    return HttpResponse(Titled(Shelf.objects.all(), "a").total())

def handed_on(request):
    return HttpResponse(_total(Listing(Book.objects.all())))

def _total(listing):
    return listing.total()

def one_of_two(request):
    listing = Listing(Book.objects.all()) if request.GET else Listing(Shelf.objects.all())
    return HttpResponse(listing.total())

def loaded_once(request):
    listing = Listing(Book.objects.all())
    listing.load()
    return HttpResponse(listing.load())

def the_callers_rows(request):
    rows = Book.objects.all()
    Listing(rows).load()
    return HttpResponse(len(rows))

def given_later(request):
    listing = Changed(Book.objects.all())
    listing.rows = Shelf.objects.all()
    return HttpResponse(listing.total())

def of_all_such_objects(request):
    return HttpResponse(Changed(Book.objects.all()).total())

def data(request):
    pair = Pair(Book.objects.all(), Shelf.objects.all())
    return HttpResponse(pair.right.count())

def not_known(request):
    return HttpResponse(Anything(rows=Book.objects.all()).rows.count())
"""
NAMES = (
    "of_books of_shelves inherited handed_on one_of_two loaded_once the_callers_rows given_later "
    "of_all_such_objects data not_known"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    folder = tmp_path_factory.mktemp("objects")
    return survey_site(folder, VIEWS, NAMES, {"listing.py": LISTING})


@pytest.mark.parametrize(
    ("view", "effects"),
    [
        ("of_books", ["listing.py:13 django_orm.count book"]),
        ("of_shelves", ["listing.py:13 django_orm.count shelf"]),
        ("inherited", ["listing.py:13 django_orm.count shelf"]),
        ("handed_on", ["listing.py:13 django_orm.count book"]),
        ("loaded_once", ["listing.py:16 django_orm.list book"]),
        ("the_callers_rows", ["listing.py:16 django_orm.list book"]),
        ("data", ["urls.py:51 django_orm.count shelf"]),
    ],
)
def test_an_object_holds_what_it_was_made_with(
    site: SmallSite, view: str, effects: list[str]
) -> None:
    assert site.effects(view) == effects


@pytest.mark.parametrize("view", ["one_of_two", "given_later", "of_all_such_objects"])
def test_what_may_be_of_two_models_is_one_of_them(site: SmallSite, view: str) -> None:
    assert [line.partition(" ")[2] for line in site.effects(view)] == [
        "django_orm.count book,shelf"
    ]


def test_attributes_that_are_set_by_a_name_that_is_not_known_are_unknown(site: SmallSite) -> None:
    assert [line.partition(" ")[2] for line in site.effects("not_known")] == [
        "unknown.call unknown > unknown"
    ]

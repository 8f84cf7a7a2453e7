"""What Python calls of an object's own class where the code only uses the object."""

import pytest

from .conftest import SmallSite, survey_site

KINDS = """
from django.conf import settings as django_settings
from books.models import Book, Shelf
import fallback

class Items:
    def __init__(self, rows):
        self.rows = rows
    def __len__(self):
        return len(self.rows)
    def __getitem__(self, index):
        if not isinstance(self.rows, list):
            self.rows = list(self.rows)
        return self.rows[index]

class Walk:
    def __iter__(self):
        yield from Shelf.objects.all()

class Named:
    def __str__(self):
        return str(Book.objects.count())
    def __bool__(self):
        return Book.objects.exists()
    def __contains__(self, one):
        return Shelf.objects.exists()

class Plain:
    pass

class Settings:
    def __getattr__(self, name):
        try:
            return getattr(django_settings, name)
        except AttributeError:
            return getattr(fallback, name)

class Remote:
    def __getattr__(self, name):
        return Book.objects.get(title=name)

settings = Settings()
"""
VIEWS = """
from django.http import HttpResponse
from django.shortcuts import render
from books.models import Book, Shelf
from kinds import Items, Named, Plain, Remote, Walk, settings

def by_index(request):
    return HttpResponse([book.shelf.name for book in Items(Book.objects.all())])

def by_iterator(request):
    return HttpResponse([shelf.name for shelf in Walk()])

def length(request):
    return HttpResponse(len(Items(Shelf.objects.all())))

def truth(request):
    return HttpResponse("yes" if Named() else "no")

def truth_by_length(request):
    return HttpResponse("yes" if Items(Shelf.objects.all()) else "no")

def among(request):
    return HttpResponse(3 in Named())

def text(request):
    return HttpResponse(f"{Named()}")

def plain(request):
    return HttpResponse(f"{Plain()}" if Plain() else "")

def in_template(request):
    return render(request, "list.html", {"books": Items(Book.objects.select_related("shelf"))})

def one(request):
    return HttpResponse(Items(Book.objects.all())[0].shelf.name)

def looked_up(request):
    return HttpResponse(Remote().anything.shelf.name)

def setting(request):
    if settings.COUNTS:
        Book.objects.count()
    if settings.DEBUG:
        Shelf.objects.count()
    return HttpResponse(settings.NAME)

def unknown_setting(request):
    if settings.AT_HAND:
        Book.objects.count()
    return HttpResponse("")
"""
NAMES = (
    "by_index by_iterator length truth truth_by_length among text plain in_template one looked_up setting"
    " unknown_setting"
)
FILES = {
    "kinds.py": KINDS,
    "fallback.py": "import random\nCOUNTS = False\nDEBUG = True\nNAME = ''\nAT_HAND = object()\n",
    "books/templates/list.html": "{% for one in books %}\n{{ one.shelf.name }}\n{% endfor %}",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    return survey_site(tmp_path_factory.mktemp("protocols"), VIEWS, NAMES, FILES)


@pytest.mark.parametrize(
    ("view", "effects"),
    [
        (
            "by_index",
            [
                "kinds.py:13 django_orm.list book",
                "urls.py:8 django_orm.relation shelf",
            ],
        ),
        ("by_iterator", ["kinds.py:18 django_orm.iterate shelf"]),
        ("length", ["kinds.py:10 django_orm.length shelf"]),
        ("truth", ["kinds.py:24 django_orm.exists book"]),
        ("truth_by_length", ["kinds.py:10 django_orm.length shelf"]),
        ("among", ["kinds.py:26 django_orm.exists shelf"]),
        ("text", ["kinds.py:22 django_orm.count book"]),
        ("plain", []),
        (
            "in_template",
            [
                "kinds.py:10 django_orm.length book,shelf",
                "urls.py:32 django_shortcuts.render book,shelf",
            ],
        ),
        ("looked_up", ["kinds.py:40 django_orm.get book", "urls.py:38 django_orm.relation shelf"]),
    ],
)
def test_what_the_objects_class_does(site: SmallSite, view: str, effects: list[str]) -> None:
    assert site.effects(view) == effects


def test_a_settings_object_gives_what_the_settings_or_the_defaults_hold(site: SmallSite) -> None:
    assert site.effects("setting") == []


def test_a_setting_that_is_no_constant_decides_nothing(site: SmallSite) -> None:
    assert site.effects("unknown_setting") == ["urls.py:49 django_orm.count book"]

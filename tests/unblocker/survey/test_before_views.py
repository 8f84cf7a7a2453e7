"""What decorators and middleware put on the request, and what a route leaves to a parameter's default."""

import pytest

from .conftest import SmallSite, survey_site

AROUND = """
import functools
from books.models import Book, Shelf

def with_counter(view):
    @functools.wraps(view)
    def wrapper(request, *args, **kwargs):
        def count():
            return Book.objects.count()
        request.count = count
        request.either = Book.objects.first()
        return view(request, *args, **kwargs)
    return wrapper

def with_other(view):
    @functools.wraps(view)
    def wrapper(request, *args, **kwargs):
        request.either = wrapper
        return view(request, *args, **kwargs)
    return wrapper

class ShelfMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response
    def __call__(self, request):
        request.shelves = Shelf.objects.all()
        return self.get_response(request)
"""
VIEWS = """
from django.http import HttpResponse
from books.models import Book, Shelf
from around import with_counter, with_other

@with_counter
def from_decorator(request):
    return HttpResponse(request.count())

@with_other
def undecided(request):
    return HttpResponse(request.either())

def from_middleware(request):
    return HttpResponse(request.shelves.count())

def nobodys(request):
    return HttpResponse(request.nothing())

def default(request, model=Book):
    return HttpResponse(model.objects.count())
"""
NAMES = "from_decorator undecided from_middleware nobodys default"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    folder = tmp_path_factory.mktemp("before")
    return survey_site(folder, VIEWS, NAMES, {"around.py": AROUND})


@pytest.fixture(scope="module")
def with_middleware(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    folder = tmp_path_factory.mktemp("before")
    more = {"around.py": AROUND, "manage.py": _MANAGE, "more.py": _MORE}
    return survey_site(folder, VIEWS, NAMES, more)


_MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "more")\n'
_MORE = 'from settings import *\nMIDDLEWARE = ["around.ShelfMiddleware"]\n'


def test_a_function_that_a_decorator_puts_on_the_request(site: SmallSite) -> None:
    assert site.effects("from_decorator") == ["around.py:9 django_orm.count book"]


def test_a_queryset_that_middleware_puts_on_the_request(with_middleware: SmallSite) -> None:
    assert with_middleware.effects("from_middleware") == ["urls.py:15 django_orm.count shelf"]


@pytest.mark.parametrize("view", ["undecided", "from_middleware", "nobodys"])
def test_what_nobody_or_several_put_there_is_unknown(site: SmallSite, view: str) -> None:
    assert [line.partition(" ")[2] for line in site.effects(view)] == [
        "unknown.call unknown > unknown"
    ]


def test_a_parameter_that_the_route_leaves_out_has_its_default(site: SmallSite) -> None:
    assert site.effects("default") == ["urls.py:21 django_orm.count book"]

"""Decorators: what goes around a view sees its response, changes its arguments, or answers for it."""

from functools import wraps

from django.contrib.auth.decorators import permission_required, user_passes_test
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_page, never_cache
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_cookie
from shelf.models import Author, Book, Entry, Review, Tag


def with_length(view):
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["X-Length"] = str(len(response.content))
        return response

    return wrapped


@with_length
def reads_the_content(request, pk):
    """A decorator that reads `response.content` gets a response, not a coroutine.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert overlaps
    """
    books = Book.objects.filter(author_id=pk).count()
    tags = Tag.objects.count()
    authors = Author.objects.count()
    return JsonResponse({"counts": [books, tags, authors]})


def with_book(view):
    @wraps(view)
    def wrapped(request, pk):
        return view(request, get_object_or_404(Book, pk=pk))

    return wrapped


@with_book
def gets_another_argument(request, book):
    """The decorator looks the book up: the view is called with it, not with its key.

    asks: GET 1 -> 200; GET 99 -> 404
    decided: convert overlaps
    """
    reviews = Review.objects.filter(book=book).count()
    tags = Tag.objects.filter(books=book).count()
    authors = Author.objects.count()
    return JsonResponse({"title": book.title, "counts": [reviews, tags, authors]})


def answers_for_missing(view):
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except Book.DoesNotExist as error:
            return HttpResponse(str(error), status=410)

    return wrapped


@answers_for_missing
def exception_is_caught_outside(request, pk):
    """The decorator's `except` must see what the view raises.

    asks: GET 1 -> 200; GET 99 -> 410
    decided: convert overlaps
    """
    tags = Tag.objects.count()
    authors = Author.objects.count()
    book = Book.objects.get(pk=pk)
    return JsonResponse({"title": book.title, "counts": [tags, authors]})


def noted(view):
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        Entry.objects.create(text=f"before {view.__name__}")
        response = view(request, *args, **kwargs)
        Entry.objects.create(text=f"after {response.status_code}")
        return response

    return wrapped


@noted
def written_around(request, pk):
    """A decorator that writes before and after the view does so in that order.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert overlaps
    """
    entries = Entry.objects.count()
    tags = Tag.objects.count()
    books = Book.objects.count()
    return JsonResponse({"counts": [entries, tags, books]})


@cache_page(60)
def cached_page(request, pk):
    """A page that is in the cache is not made again.

    asks: GET 1 -> 200; GET 1 -> 200; GET 2 -> 200
    decided: convert overlaps
    """
    books = Book.objects.filter(author_id=pk).count()
    tags = Tag.objects.count()
    authors = Author.objects.count()
    return JsonResponse({"counts": [books, tags, authors]})


@require_POST
@never_cache
@vary_on_cookie
def several_of_django(request, pk):
    """Django's own decorators check, and set headers, as before.

    asks: POST 1 -> 200; GET 1 -> 405
    decided: convert, overlaps
    """
    books = Book.objects.filter(author_id=pk).count()
    tags = Tag.objects.count()
    authors = Author.objects.count()
    return JsonResponse({"counts": [books, tags, authors]})


def has_books(user):
    return user.is_authenticated and Author.objects.filter(books__isnull=False).exists()


@user_passes_test(has_books)
def test_that_queries(request, pk):
    """The test that lets people in asks the database before the view does.

    asks: GET 1 -> 302; anna GET 1 -> 200
    decided: convert, overlaps
    """
    books = Book.objects.filter(author_id=pk).count()
    tags = Tag.objects.count()
    entries = Entry.objects.count()
    return JsonResponse({"counts": [books, tags, entries]})


@permission_required("shelf.change_book", raise_exception=True)
def needs_permission(request, pk):
    """Who may not change books is refused by two queries for permissions, and no other.

    asks: anna GET 1 -> 403
    decided: convert, overlaps
    """
    books = Book.objects.filter(author_id=pk).count()
    tags = Tag.objects.count()
    authors = Author.objects.count()
    return JsonResponse({"counts": [books, tags, authors]})

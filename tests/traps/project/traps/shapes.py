"""Views that are no plain functions, and functions that more than one view needs."""

import asyncio

from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views import View
from shelf.counters import visits
from shelf.models import Author, Book, Counter, Entry, Review, Tag


class PageView(View):
    """A class whose methods the base class calls by name.

    asks: GET 1 -> 200; POST 1 -> 200; GET 99 -> 404
    decided: leave U206
    """

    def dispatch(self, request, *args, **kwargs):
        self.entries = Entry.objects.count()
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, pk):
        book = get_object_or_404(Book, pk=pk)
        reviews = Review.objects.filter(book=book).count()
        tags = Tag.objects.filter(books=book).count()
        return JsonResponse({"counts": [self.entries, reviews, tags]})

    def post(self, request, pk):
        Entry.objects.create(text=f"page {pk}")
        return JsonResponse({"before": self.entries, "after": Entry.objects.count()})


class Counting:
    """An object that is called: what it keeps is kept from request to request.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert overlaps
    """

    def __init__(self):
        self.calls = 0

    def __call__(self, request, pk):
        self.calls += 1
        books = Book.objects.filter(author_id=pk).count()
        tags = Tag.objects.count()
        authors = Author.objects.count()
        return JsonResponse({"calls": self.calls, "counts": [books, tags, authors]})


def inner_page(request, pk, title="inner"):
    """A view that is called by another one answers both.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    books = Book.objects.filter(author_id=pk).count()
    tags = Tag.objects.count()
    authors = Author.objects.count()
    return JsonResponse({"title": title, "counts": [books, tags, authors]})


def outer_page(request, pk):
    """It needs the response of the other view, not a coroutine.

    asks: GET 1 -> 200; GET 2 -> 200; GET 99 -> 404
    decided: convert, overlaps
    """
    author = get_object_or_404(Author, pk=pk)
    if pk == 2:
        return HttpResponse(author.name)
    entries = Entry.objects.count()
    reviews = Review.objects.count()
    response = inner_page(request, pk, title=f"{author.name} {entries} {reviews}")
    response["X-Outer"] = "yes"
    return response


def rows(pk):
    for book in Book.objects.filter(author_id=pk).order_by("pk"):
        yield f"{book.title} {book.reviews.count()}\n"


def streamed(request, pk):
    """A generator that reads as it is sent sends every part, in order.

    asks: GET 1 -> 200; GET 99 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    author = Author.objects.filter(pk=pk).first()
    return StreamingHttpResponse(rows(author.pk if author else 0), content_type="text/plain")


def summary(pk):
    books = Book.objects.filter(author_id=pk).count()
    reviews = Review.objects.filter(book__author_id=pk).count()
    return [books, reviews]


async def asked_by_a_coroutine(request, pk):
    """A helper that a coroutine calls in a thread stays a function.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: leave U207
    """
    numbers = await asyncio.to_thread(len, [pk])
    tags = await Tag.objects.acount()
    return JsonResponse({"tags": tags, "numbers": numbers})


def helper_shared_with_others(request, pk):
    """A helper that a command calls, too, keeps its synchronous form.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    number = visits()
    books, reviews = summary(pk)
    tags = Tag.objects.count()
    authors = Author.objects.count()
    return JsonResponse({"visits": number, "counts": [books, reviews, tags, authors]})


class Shelf:
    """No view: what the views below make."""

    made = 0

    def __init__(self, pk):
        type(self).made += 1
        self.books = list(Book.objects.filter(author_id=pk).order_by("pk"))

    @classmethod
    def of(cls, author):
        return cls(author.pk)

    @property
    def reviews(self):
        return Review.objects.filter(book__in=self.books).count()


def object_that_queries(request, pk):
    """Making the object reads rows and counts how many were made.

    asks: GET 1 -> 200; GET 2 -> 200; GET 99 -> 404
    decided: convert, overlaps
    """
    author = get_object_or_404(Author, pk=pk)
    shelf = Shelf.of(author)
    tags = Tag.objects.count()
    entries = Entry.objects.count()
    shown = {"made": Shelf.made, "reviews": shelf.reviews, "counts": [tags, entries]}
    return JsonResponse({"books": len(shelf.books), **shown})


def star_arguments(request, pk, *args, **kwargs):
    """Arguments by star are evaluated in order, and once.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    numbers = [Book.objects.count(), *summary(pk), Tag.objects.count()]
    named = {"authors": Author.objects.count(), **{"counters": Counter.objects.count()}}  # noqa: PIE800
    return JsonResponse({"numbers": numbers, **named})


def number_of(model, pk):
    return model.objects.filter(pk__lte=pk).count()


def by_dictionary(request, pk):
    """What is called is looked up in a dictionary.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert overlaps
    """
    readers = {1: number_of, 2: lambda model, pk: model.objects.count()}
    books = readers[pk](Book, pk)
    tags = readers[pk](Tag, pk)
    entries = Entry.objects.count()
    authors = Author.objects.count()
    return render(
        request, "lists.html", {"books": [books, tags], "reviews": (), "tags": [entries, authors]}
    )

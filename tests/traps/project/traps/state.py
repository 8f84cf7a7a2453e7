"""Values that outlive the request, or that the code of a view is asked about by name."""
# ruff: noqa: B006

import contextvars
import threading
from functools import lru_cache

from django.core.cache import cache
from django.http import JsonResponse
from django.shortcuts import render
from shelf.models import Author, Book, Entry, Review, Tag

served = 0
known_titles = {}
current = threading.local()
reader = contextvars.ContextVar("reader", default="nobody")


def global_counter(request, pk):
    """A module's number counts the requests, read before and written behind the queries.

    asks: GET 1 -> 200; GET 2 -> 200; GET 99 -> 200
    decided: convert, overlaps
    """
    global served
    served += 1
    books = Book.objects.filter(pk=pk).count()
    tags = Tag.objects.count()
    authors = Author.objects.count()
    served += books
    return JsonResponse({"served": served, "counts": [books, tags, authors]})


def title_of(pk):
    if pk not in known_titles:
        known_titles[pk] = Book.objects.get(pk=pk).title
    return known_titles[pk]


def cached_in_the_module(request, pk):
    """A dictionary of the module remembers what was read: the second time nobody is asked.

    asks: GET 1 -> 200; GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    first = title_of(pk)
    second = title_of(pk)
    tags = Tag.objects.count()
    authors = Author.objects.count()
    return JsonResponse({"titles": [first, second], "counts": [tags, authors]})


@lru_cache
def pages_of(pk):
    return Book.objects.get(pk=pk).pages


def cached_by_a_decorator(request, pk):
    """`lru_cache` must keep a number, never a coroutine that can be awaited only once.

    asks: GET 1 -> 200; GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    pages = pages_of(pk) + pages_of(pk)
    tags = Tag.objects.count()
    authors = Author.objects.count()
    entries = Entry.objects.count()
    return JsonResponse({"pages": pages, "counts": [tags, authors, entries]})


def remembered(number, seen=[]):
    seen.append(number)
    return list(seen)


def mutable_default(request, pk):
    """A default that is a list is one list, in the order of the calls.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    first = remembered(Book.objects.filter(pk__lte=pk).count())
    second = remembered(Tag.objects.count())
    authors = Author.objects.count()
    entries = Entry.objects.count()
    return JsonResponse({"first": first, "second": second, "counts": [authors, entries]})


def titles_of_current():
    return Book.objects.filter(author_id=current.author).count()


def thread_local(request, pk):
    """A thread local that the view sets is read by its helper.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    current.author = pk
    books = titles_of_current()
    current.author = pk + 1
    others = titles_of_current()
    tags = Tag.objects.count()
    entries = Entry.objects.count()
    return JsonResponse({"books": books, "others": others, "counts": [tags, entries]})


def entries_of_reader():
    return Author.objects.filter(name=reader.get()).count()


def context_variable(request, pk):
    """A context variable that is set in the view is seen by its helpers, and by no other request.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    before = reader.get()
    token = reader.set("Celan" if pk == 1 else "nobody")
    found = entries_of_reader()
    reader.reset(token)
    tags = Tag.objects.count()
    books = Book.objects.count()
    return JsonResponse({"before": before, "found": found, "counts": [tags, books]})


def all_locals(request, pk):
    """`locals()` gives the template what the view has bound, and nothing more.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: bridge U411
    """
    books = list(Book.objects.filter(author_id=pk).order_by("pk"))
    reviews = list(Review.objects.order_by("pk"))
    tags = list(Tag.objects.order_by("pk"))
    return render(request, "lists.html", locals())


def cache_is_asked_first(request, pk):
    """What is in the cache is not read; what is read goes into it.

    asks: GET 1 -> 200; GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    title = cache.get(f"title {pk}")
    if title is None:
        title = Book.objects.get(pk=pk).title
        cache.set(f"title {pk}", title, 60)
    tags = Tag.objects.count()
    authors = Author.objects.count()
    return JsonResponse({"title": title, "counts": [tags, authors]})


def computed_when_missing(request, pk):
    """`get_or_set` with a function reads only where the cache has nothing.

    asks: GET 1 -> 200; GET 1 -> 200
    decided: convert, overlaps
    """
    number = cache.get_or_set(f"reviews {pk}", lambda: Review.objects.filter(book_id=pk).count())
    tags = Tag.objects.count()
    authors = Author.objects.count()
    return JsonResponse({"reviews": number, "counts": [tags, authors]})


def counted_across_calls(request, pk):
    """`nonlocal` in a local function counts in the order of the calls.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: leave U206
    """
    calls = 0

    def counted(model):
        nonlocal calls
        calls += 1
        return calls * model.objects.count()

    books = counted(Book)
    tags = counted(Tag)
    authors = Author.objects.count()
    entries = Entry.objects.count()
    return JsonResponse({"numbers": [books, tags, authors, entries], "calls": calls})

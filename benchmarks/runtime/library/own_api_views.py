"""The views on django-async-backend's API (https://django-async-backend.readthedocs.io/)."""

import asyncio

from django.db.models import F
from django.http import HttpRequest, JsonResponse
from django_async_backend.db import async_new_connection

from benchmarks.runtime.library.models import Author, Book, Review, Slowly
from benchmarks.runtime.library.slowness import SECONDS


async def book(_request: HttpRequest, pk: int) -> JsonResponse:
    """`sync_views.book`."""
    found = await Book.async_objects.aget(pk=pk)
    await Book.async_objects.filter(pk=pk).aupdate(lent=F("lent") + 1)
    reviews = await Review.async_objects.filter(book_id=pk).acount()
    return JsonResponse({"title": found.title, "lent": found.lent + 1, "reviews": reviews})


async def report(_request: HttpRequest) -> JsonResponse:
    """`sync_views.report`."""
    slow = Slowly(SECONDS)
    author = await Author.async_objects.annotate(slow=slow).aget(pk=1)
    first, last = await asyncio.gather(
        async_new_connection(Book.async_objects.annotate(slow=slow).aget(pk=author.pk)),
        async_new_connection(Review.async_objects.annotate(slow=slow).aget(pk=author.pk)),
    )
    return JsonResponse({"author": author.name, "book": first.title, "review": last.text})

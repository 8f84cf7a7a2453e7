"""The views as `async def`, with Django's own names; `report` gathers where nothing forbids it."""

from django.db.models import F
from django.http import HttpRequest, JsonResponse

from benchmarks.runtime.library.gathering import gather
from benchmarks.runtime.library.models import Author, Book, Review, Slowly
from benchmarks.runtime.library.slowness import SECONDS


async def book(_request: HttpRequest, pk: int) -> JsonResponse:
    """`sync_views.book`."""
    found = await Book.objects.aget(pk=pk)
    await Book.objects.filter(pk=pk).aupdate(lent=F("lent") + 1)
    reviews = await Review.objects.filter(book_id=pk).acount()
    return JsonResponse({"title": found.title, "lent": found.lent + 1, "reviews": reviews})


async def report(_request: HttpRequest) -> JsonResponse:
    """`sync_views.report`."""
    slow = Slowly(SECONDS)
    author = await Author.objects.annotate(slow=slow).aget(pk=1)
    first, last = await gather(
        Book.objects.annotate(slow=slow).aget(pk=author.pk),
        Review.objects.annotate(slow=slow).aget(pk=author.pk),
    )
    return JsonResponse({"author": author.name, "book": first.title, "review": last.text})

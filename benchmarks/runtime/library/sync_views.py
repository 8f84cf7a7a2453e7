"""The views as most projects write them."""

from django.db.models import F
from django.http import HttpRequest, JsonResponse

from benchmarks.runtime.library.models import Author, Book, Review, Slowly
from benchmarks.runtime.library.slowness import SECONDS


def book(_request: HttpRequest, pk: int) -> JsonResponse:
    """Read a row, update it, count others: three queries."""
    found = Book.objects.get(pk=pk)
    Book.objects.filter(pk=pk).update(lent=F("lent") + 1)
    reviews = Review.objects.filter(book_id=pk).count()
    return JsonResponse({"title": found.title, "lent": found.lent + 1, "reviews": reviews})


def report(_request: HttpRequest) -> JsonResponse:
    """Three slow queries, of which the second and the third don't need each other."""
    slow = Slowly(SECONDS)
    author = Author.objects.annotate(slow=slow).get(pk=1)
    first = Book.objects.annotate(slow=slow).get(pk=author.pk)
    last = Review.objects.annotate(slow=slow).get(pk=author.pk)
    return JsonResponse({"author": author.name, "book": first.title, "review": last.text})

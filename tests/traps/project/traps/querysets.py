"""Querysets are lazy, remember their rows, and are new queries when they are sliced or filtered once more."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from shelf.models import Author, Book, Counter, Entry, Review, Tag


def reused_after_slicing(request, pk):
    """A slice has rows of its own: the queryset itself must still be read whole.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    reviews = Review.objects.filter(book_id=pk).order_by("pk")
    newest = list(reviews[:2])
    everything = list(reviews)
    tags = list(Tag.objects.order_by("pk"))
    return JsonResponse({"new": len(newest), "all": len(everything), "tags": len(tags)})


def shown_and_subquery(request, pk):
    """A queryset that is shown and stands in another one stays a subquery: its rows do not become its SQL.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    books = Book.objects.filter(author_id=pk).order_by("pk")
    reviews = Review.objects.filter(book__in=books).order_by("pk")
    tags = Tag.objects.order_by("pk")
    return render(request, "lists.html", {"books": books, "reviews": reviews, "tags": tags})


def bool_fills_the_cache(request, pk):
    """`if not reviews:` reads the rows, so that the `count()` behind it asks nobody.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    reviews = Review.objects.filter(book_id=pk)
    if not reviews:
        return HttpResponse("no reviews")
    count = reviews.count()
    tags = Tag.objects.count()
    authors = Author.objects.count()
    return JsonResponse({"reviews": count, "tags": tags, "authors": authors})


def sliced_inside_a_cached_block(request, pk):
    """The page reads three rows, and none at all when the block is in the cache: the view must not read them all.

    asks: GET 1 -> 200; GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    books = Book.objects.order_by("pk")
    reviews = Review.objects.filter(book_id=pk).order_by("-pk")
    return render(request, "cached.html", {"pk": pk, "books": books, "reviews": reviews})


def counted_then_listed(request, pk):
    """`count()` before the rows are there is a query of its own, behind `len()` it is none.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    reviews = Review.objects.filter(book_id=pk).order_by("pk")
    before = reviews.count()
    rows = len(reviews)
    after = reviews.count()
    tags = Tag.objects.count()
    entries = Entry.objects.count()
    return JsonResponse({"counts": [before, rows, after, tags, entries]})


def deleted_while_walked(request, pk):
    """The loop goes over the rows that were there when it began.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    seen = []
    for review in Review.objects.filter(book_id=pk).order_by("pk"):
        review.delete()
        seen.append(Review.objects.filter(book_id=pk).count())
    return JsonResponse({"left": seen})


def sorted_by_a_relation(request, pk):
    """The key of `sorted` asks for each book's author, one after the other.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    books = sorted(Book.objects.order_by("pk"), key=lambda book: book.author.name)
    tags = list(Tag.objects.order_by("pk"))
    authors = list(Author.objects.order_by("pk"))
    return render(request, "lists.html", {"books": books, "tags": tags, "reviews": authors})


def handed_on_as_a_generator(request, pk):
    """The generator asks for its rows when the template comes to it, after the write.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    books = (book.title for book in Book.objects.order_by("pk"))
    Book.objects.filter(pk=pk).update(title="renamed")
    return render(request, "lists.html", {"books": books, "tags": Tag.objects.order_by("pk")})


def membership_and_length(request, pk):
    """`in` and `len` on one queryset are one query together; on another one they are two.

    asks: GET 1 -> 200; GET 99 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    books = Book.objects.order_by("pk")
    found = Book(pk=pk) in books
    tags = Tag.objects.filter(books=pk).values_list("name", flat=True)
    names = ", ".join(tags.order_by("pk"))
    return JsonResponse({"found": found, "count": len(books), "names": names})


def evaluated_before_a_write(request, pk):
    """The rows read before the write are the old ones, the count after it is the new one.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    reviews = Review.objects.filter(book_id=pk)
    before = len(reviews)
    Review.objects.create(book_id=pk, rating=1)
    return JsonResponse({"before": before, "cached": reviews.count(), "now": reviews.all().count()})


def lazy_until_after_the_write(request, pk):
    """A queryset made before a write and read after it has the new row.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    reviews = Review.objects.filter(book_id=pk).order_by("pk")
    Review.objects.create(book_id=pk, rating=1)
    tags = Tag.objects.order_by("pk")
    return render(request, "lists.html", {"reviews": reviews, "tags": tags, "books": ()})

"""Attributes that ask the database, or may not be there."""

from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, render
from shelf.models import Author, Book, Counter, Entry, Profile, Review, Tag


def has_a_profile(request, pk):
    """`hasattr` on a reverse one-to-one is a query that may miss, and no error.

    asks: GET 1 -> 200; GET 3 -> 200
    decided: convert, overlaps
    """
    book = Book.objects.select_related("author").get(pk=pk)
    bio = book.author.profile.bio if hasattr(book.author, "profile") else "unknown"
    reviews = Review.objects.filter(book=book).count()
    tags = Tag.objects.filter(books=book).count()
    return JsonResponse({"bio": bio, "reviews": reviews, "tags": tags})


def missing_profile_is_caught(request, pk):
    """The profile that is not there is an exception that the view answers for.

    asks: GET 1 -> 200; GET 3 -> 200
    decided: convert, overlaps
    """
    book = get_object_or_404(Book, pk=pk)
    try:
        bio = book.author.profile.bio
    except Profile.DoesNotExist:
        bio = "unknown"
    reviews = Review.objects.filter(book=book).count()
    tags = Tag.objects.filter(books=book).count()
    return JsonResponse({"bio": bio, "reviews": reviews, "tags": tags})


def getattr_with_a_default(request, pk):
    """`getattr(…, None)` swallows the query that misses.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    author = get_object_or_404(Author, pk=pk)
    profile = getattr(author, "profile", None)
    books = list(Book.objects.filter(author=author).order_by("pk"))
    tags = list(Tag.objects.order_by("pk"))
    return render(request, "lists.html", {"books": books, "tags": tags, "reviews": [profile]})


def property_that_queries(request, pk):
    """`best_rating` looks like a field and is a query; it must see the review that was just written.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    book = get_object_or_404(Book, pk=pk)
    before = book.best_rating
    Review.objects.create(book=book, rating=9)
    after = book.best_rating
    tags = Tag.objects.count()
    return JsonResponse({"before": before, "after": after, "tags": tags})


def relation_is_remembered(request, pk):
    """The author that was read once is not read again, even if his row has changed since.

    asks: POST 1 -> 200; POST 3 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    book = get_object_or_404(Book, pk=pk)
    before = book.author.name
    Author.objects.filter(pk=book.author_id).update(name="somebody else")
    return JsonResponse({"before": before, "after": book.author.name})


def assigned_relation(request, pk):
    """An author who is assigned is never read.

    asks: GET 1 -> 200; GET 3 -> 200
    decided: convert, overlaps
    """
    book = get_object_or_404(Book, pk=pk)
    reviews = Review.objects.filter(book=book).count()
    tags = Tag.objects.filter(books=book).count()
    book.author = Author(name="nobody")
    return JsonResponse({"author": book.author.name, "numbers": [reviews, tags]})


def prefetched_then_filtered(request, pk):
    """What was prefetched is used by `all()`, and is of no use to `filter()`.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    authors = list(Author.objects.prefetch_related("books").order_by("pk"))
    tags = list(Tag.objects.order_by("pk"))
    listed = [[book.title for book in author.books.all()] for author in authors]
    thick = [author.books.filter(pages__gt=100 * pk).count() for author in authors]
    return JsonResponse({"listed": listed, "thick": thick, "tags": len(tags)})


def refreshed(request, pk):
    """`refresh_from_db` forgets what was read before it.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    book = get_object_or_404(Book, pk=pk)
    entries = Entry.objects.count()
    Book.objects.filter(pk=pk).update(pages=1)
    stale = book.pages
    book.refresh_from_db()
    reviews = Review.objects.count()
    tags = Tag.objects.count()
    return JsonResponse({"stale": stale, "fresh": book.pages, "n": [entries, reviews, tags]})

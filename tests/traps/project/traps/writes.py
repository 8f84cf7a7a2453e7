"""Writes that no line of the view shows, and reads on both sides of them."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from shelf.counters import take_number
from shelf.models import Author, Book, Counter, Entry, Review, Tag


def signal_that_writes(request, pk):
    """Saving a review writes the journal: the count before it and the one behind it differ.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    before = Entry.objects.count()
    Review.objects.create(book_id=pk, rating=4)
    after = Entry.objects.count()
    last = Entry.objects.order_by("-pk").first()
    return JsonResponse({"before": before, "after": after, "last": last.text})


def signal_on_delete(request, pk):
    """Deleting a book deletes its reviews, and each of them writes the journal.

    asks: POST 1 -> 200; POST 99 -> 404
    decided: convert, overlaps
    """
    book = get_object_or_404(Book, pk=pk)
    book.delete()
    entries = Entry.objects.count()
    reviews = Review.objects.count()
    tags = Tag.objects.count()
    return JsonResponse({"entries": entries, "reviews": reviews, "tags": tags})


def signal_of_many_to_many(request, pk):
    """`add` to a many-to-many writes the journal, too.

    asks: POST 2 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    tag = get_object_or_404(Tag, pk=pk)
    tag.books.add(*Book.objects.all())
    entries = Entry.objects.count()
    books = tag.books.count()
    authors = Author.objects.count()
    return JsonResponse({"entries": entries, "books": books, "authors": authors})


def mail_on_commit_of_a_signal(request, pk):
    """A new author is welcomed by mail when his row is there, in the order of the rows.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    for number in range(pk + 1):
        Author.objects.create(name=f"author {number}")
    authors = Author.objects.count()
    books = Book.objects.count()
    tags = Tag.objects.count()
    return JsonResponse({"numbers": [authors, books, tags]})


def save_that_corrects(request, pk):
    """`save` corrects the rating, and what is shown is what was saved.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    review = Review(book_id=pk, rating=11)
    review.save()
    best = Review.objects.order_by("-rating", "pk").first()
    tags = Tag.objects.count()
    books = Book.objects.count()
    return JsonResponse({"saved": review.rating, "best": best.rating, "n": [tags, books]})


def written_between_reads(request, pk):
    """A write between two reads of one table keeps its place between them.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    before = Review.objects.filter(book_id=pk).count()
    Review.objects.filter(book_id=pk).delete()
    after = Review.objects.filter(book_id=pk).count()
    return HttpResponse(f"{before} {after}")


def first_wins(request, pk):
    """`get_or_create` of the same row twice makes one row.

    asks: POST 1 -> 200; POST 1 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    first, made = Counter.objects.get_or_create(name=f"book {pk}", defaults={"value": 1})
    second, again = Counter.objects.get_or_create(name=f"book {pk}", defaults={"value": 2})
    return JsonResponse({"same": first == second, "value": second.value, "made": [made, again]})


def updated_or_created(request, pk):
    """`update_or_create` reads and writes: the row it leaves is the one the next call finds.

    asks: POST 1 -> 200; POST 1 -> 200
    decided: convert, overlaps
    """
    counter, made = Counter.objects.update_or_create(name="books", defaults={"value": pk})
    more, again = Counter.objects.update_or_create(name="books", defaults={"value": pk + 1})
    books = Book.objects.count()
    tags = Tag.objects.count()
    return JsonResponse({"values": [counter.value, more.value], "n": [made, again, books, tags]})


def number_that_is_locked(request, pk):
    """A helper with a row lock, which a management command uses too, stays one transaction.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    number = take_number("visits")
    books = Book.objects.count()
    tags = Tag.objects.count()
    authors = Author.objects.count()
    return JsonResponse({"number": number, "counts": [books, tags, authors]})


def order_of_numbers(request, pk):
    """Two helpers that take a number get them in the order of the lines.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    first = take_number("visits")
    second = take_number("visits")
    return JsonResponse({"first": first, "second": second})

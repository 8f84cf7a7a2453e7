"""What control flow does not run must not be asked for; what it always runs must be."""

from contextlib import contextmanager

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from shelf.models import Author, Book, Counter, Entry, Review, Tag


def finally_writes(request, pk):
    """What stands in `finally` is written after the failure, too, and before it is answered.

    asks: POST 1 -> 200; POST 99 -> 410
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    tags = Tag.objects.count()
    try:
        title = Book.objects.get(pk=pk).title
        reviews = Review.objects.filter(book_id=pk).count()
    except Book.DoesNotExist:
        return HttpResponse("gone", status=410)
    finally:
        Entry.objects.create(text=f"asked for {pk}")
    return JsonResponse({"title": title, "reviews": reviews, "tags": tags})


def only_one_is_tried(request, pk):
    """Only the first of two reads is in the `try`: a miss of the second one is a 500.

    asks: GET 1 -> 200; GET 2 -> 200; GET 99 -> 500
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    entries = Entry.objects.count()
    try:
        title = Book.objects.get(pk=pk).title
    except Book.DoesNotExist:
        title = "none"
    author = Author.objects.get(pk=pk)
    tags = Tag.objects.count()
    return JsonResponse({"title": title, "author": author.name, "counts": [entries, tags]})


def for_else(request, pk):
    """`else` of a loop runs where no `break` did.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    tags = list(Tag.objects.order_by("pk"))
    books = list(Book.objects.order_by("pk"))
    for book in books:
        if book.reviews.filter(rating__gt=2 * pk).exists():
            found = book.title
            break
    else:
        found = f"none of {Author.objects.count()} authors"
    return JsonResponse({"found": found, "tags": len(tags)})


def returns_from_a_loop(request, pk):
    """The loop that returns asks for no row behind the one it found.

    asks: GET 1 -> 200; GET 3 -> 200; GET 99 -> 404
    decided: convert, overlaps
    """
    tags = Tag.objects.count()
    entries = Entry.objects.count()
    for book in Book.objects.order_by("pk"):
        reviews = book.reviews.count()
        if book.pk == pk:
            return JsonResponse({"reviews": reviews, "numbers": [tags, entries]})
    return HttpResponse("none", status=404)


def short_circuits(request, pk):
    """`and`, `or` and a ternary ask only for what they need.

    asks: GET 1 -> 200; GET 2 -> 200; GET 99 -> 200
    decided: convert, overlaps
    """
    tags = Tag.objects.count()
    entries = Entry.objects.count()
    book = Book.objects.filter(pk=pk).first() or Book.objects.order_by("-pk").first()
    rated = book.pk == pk and Review.objects.filter(book=book).exists()
    number = Review.objects.count() if rated else Author.objects.count()
    return JsonResponse({"book": book.title, "rated": rated, "n": [number, tags, entries]})


def walrus(request, pk):
    """What `:=` binds is known in the branch behind it only where it was asked for.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    tags = Tag.objects.count()
    entries = Entry.objects.count()
    if pk > 1 or (reviews := Review.objects.filter(book_id=pk).count()) == 0:
        return JsonResponse({"counts": [tags, entries]})
    return JsonResponse({"reviews": reviews, "counts": [tags, entries]})


def while_it_lasts(request, pk):
    """Each turn of a `while` asks what the turn before has changed.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    turns = 0
    while (review := Review.objects.filter(book_id=pk).order_by("pk").first()) is not None:
        review.delete()
        turns += 1
    return JsonResponse({"turns": turns, "entries": Entry.objects.count()})


@contextmanager
def journal(text):
    Entry.objects.create(text=f"begin {text}")
    try:
        yield Entry.objects.count()
    finally:
        Entry.objects.create(text=f"end {text}")


def in_a_with_block(request, pk):
    """A `with` of the project's own writes when it is entered and when it is left, whatever happens in it.

    asks: POST 1 -> 200; POST 99 -> 404
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    with journal(pk) as number:
        book = get_object_or_404(Book, pk=pk)
        entries = Entry.objects.count()
    after = Entry.objects.count()
    return JsonResponse({"title": book.title, "entries": [number, entries, after]})


def matched(request, pk):
    """Of the cases of `match` one is read.

    asks: GET 1 -> 200; GET 2 -> 200; GET 3 -> 200
    decided: convert, overlaps
    """
    entries = Entry.objects.count()
    tags = Tag.objects.count()
    match pk:
        case 1:
            number = Review.objects.count()
        case 2 if Book.objects.filter(pk=pk).exists():
            number = Author.objects.count()
        case _:
            number = -1
    return JsonResponse({"number": number, "counts": [entries, tags]})


def tree_of(author, depth):
    if depth == 0:
        return Tag.objects.count()
    return [author.number_of_books(), tree_of(author, depth - 1)]


def recursion(request, pk):
    """A helper that calls itself reads as often as it did.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    author = get_object_or_404(Author, pk=pk)
    books = Book.objects.count()
    entries = Entry.objects.count()
    return JsonResponse({"tree": tree_of(author, 2), "counts": [books, entries]})


def called_later(request, pk):
    """A closure reads when it is called, after the write that stands behind its definition.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: bridge U412 U217
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")

    def number():
        return Review.objects.filter(book_id=pk).count()

    before = number()
    Review.objects.create(book_id=pk, rating=1)
    later = lambda: [number(), Entry.objects.count()]  # noqa: E731
    Review.objects.create(book_id=pk, rating=2)
    return JsonResponse({"before": before, "later": later()})


def deleted_local(request, pk):
    """`del` and a second binding of one name: each read is of the name as it was.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    number = Book.objects.count()
    first = Review.objects.filter(book_id=number - pk).count()
    del number
    number = Tag.objects.count()
    second = Review.objects.filter(book_id=number).count()
    third = Counter.objects.count()
    return JsonResponse({"numbers": [first, second, number, third]})


def dead_code(request, pk):
    """What stands behind a `return` that is always reached is never read.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    books = Book.objects.count()
    tags = Tag.objects.count()
    return JsonResponse({"books": books, "tags": tags})
    return JsonResponse({"entries": Entry.objects.count()})

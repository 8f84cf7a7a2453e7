"""Everything in a transaction is on one connection, in order, and kept or taken back together."""

from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from shelf.models import Author, Book, Counter, Entry, Review, Tag


@transaction.atomic
def whole_view(request, pk):
    """The decorator takes back what was written before the lookup that misses.

    asks: POST 1 -> 200; POST 99 -> 404
    decided: bridge U211
    """
    Entry.objects.create(text=f"asked for {pk}")
    book = get_object_or_404(Book, pk=pk)
    reviews = Review.objects.filter(book=book).count()
    tags = Tag.objects.filter(books=book).count()
    return JsonResponse({"reviews": reviews, "tags": tags})


def savepoint_rolled_back(request, pk):
    """A savepoint that fails takes back its own writes, and nothing else.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    with transaction.atomic():
        Entry.objects.create(text="kept")
        try:
            with transaction.atomic():
                Entry.objects.create(text="taken back")
                Counter.objects.create(name="visits" if pk == 1 else f"book {pk}")
        except IntegrityError:
            Entry.objects.create(text="failed")
        entries = list(Entry.objects.order_by("pk").values_list("text", flat=True))
    return JsonResponse({"entries": entries, "counters": Counter.objects.count()})


def hooks_in_order(request, pk):
    """`on_commit` hooks run when the outermost block is left, in order, and not at all after a failure.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    ran = []
    try:
        with transaction.atomic():
            transaction.on_commit(lambda: ran.append(Entry.objects.count()))
            with transaction.atomic():
                transaction.on_commit(lambda: ran.append("inner"))
                Entry.objects.create(text="inner")
            if pk == 2:
                raise LookupError
            ran.append("end")
    except LookupError:
        ran.append("failed")
    return JsonResponse({"ran": ran})


def reads_its_own_writes(request, pk):
    """What a transaction has written is seen by every read in it.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    with transaction.atomic():
        Review.objects.filter(book_id=pk).update(rating=1)
        low = Review.objects.filter(rating=1).count()
        Review.objects.create(book_id=pk, rating=1)
        lower = Review.objects.filter(rating=1).count()
        entries = Entry.objects.count()
    tags = Tag.objects.count()
    authors = Author.objects.count()
    return JsonResponse({"counts": [low, lower, entries, tags, authors]})


def locked_row(request, pk):
    """A row that is locked is read, changed and written in one transaction.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    books = Book.objects.count()
    tags = Tag.objects.count()
    with transaction.atomic():
        counter = Counter.objects.select_for_update().get(name="visits")
        counter.value += books * pk
        counter.save(update_fields=["value"])
    return JsonResponse({"value": counter.value, "tags": tags})


def lock_without_a_transaction(request, pk):
    """`select_for_update` outside of a transaction is an error, before and after.

    asks: POST 1 -> 500
    decided: convert, overlaps
    """
    books = Book.objects.count()
    tags = Tag.objects.count()
    counter = Counter.objects.select_for_update().get(name="visits")
    return JsonResponse({"counts": [books, tags, counter.value]})


def returns_out_of_it(request, pk):
    """A `return` inside the block commits what was written.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    with transaction.atomic():
        Entry.objects.create(text="first")
        if pk == 1:
            return HttpResponse(f"early {Entry.objects.count()}")
        Entry.objects.create(text="second")
    return HttpResponse(f"late {Entry.objects.count()}")


def set_to_roll_back(request, pk):
    """`set_rollback` takes everything back without an exception.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    with transaction.atomic():
        Entry.objects.create(text="perhaps")
        inside = Entry.objects.count()
        if pk == 1:
            transaction.set_rollback(True)
    return JsonResponse({"inside": inside, "after": Entry.objects.count()})

"""What a template asks, and when it does."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from shelf.models import Author, Book, Counter, Entry, Review, Tag


def shown_perhaps(request, pk):
    """A queryset in a branch that is not shown is never read.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    shown = {
        "show": pk == 1,
        "books": Book.objects.order_by("pk"),
        "reviews": Review.objects.filter(book_id=pk),
        "tags": Tag.objects.order_by("pk"),
    }
    authors = Author.objects.count()
    entries = Entry.objects.count()
    return render(request, "perhaps.html", {**shown, "numbers": [authors, entries]})


def tag_that_writes(request, pk):
    """A template tag writes between two reads of the page.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    entries = Entry.objects.order_by("pk")
    books = Book.objects.filter(author_id=pk).order_by("pk")
    return render(request, "tags.html", {"entries": entries, "books": books})


def rendered_later(request, pk):
    """A `TemplateResponse` is rendered when the view is over, with the rows of then.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    books = Book.objects.order_by("pk")
    response = TemplateResponse(request, "lists.html", {"books": books, "tags": (), "reviews": ()})
    Book.objects.filter(pk=pk).update(title="renamed")
    return response


def missing_template(request, pk):
    """The error of a template that is not there is that of the line which names it.

    asks: GET 1 -> 500
    decided: convert, overlaps
    """
    books = list(Book.objects.order_by("pk"))
    tags = list(Tag.objects.order_by("pk"))
    reviews = list(Review.objects.order_by("pk"))
    shown = {"books": books, "tags": tags, "reviews": reviews}
    return render(request, "nowhere.html", shown)


def same_queryset_twice(request, pk):
    """One queryset under two names is read once.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    books = Book.objects.filter(author_id=pk).order_by("pk")
    tags = Tag.objects.order_by("pk")
    shown = {"books": books, "reviews": books, "tags": tags}
    response = render(request, "lists.html", shown)
    return HttpResponse(response.content + str(len(books)).encode())

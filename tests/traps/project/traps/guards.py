"""What stands between two reads decides whether the second is made."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseForbidden, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from shelf.models import Author, Book, Counter, Entry, Review, Tag


def hidden_between(request, pk):
    """The reviews and tags of a hidden book are never asked for.

    asks: GET 1 -> 200; GET 3 -> 404; GET 99 -> 404
    decided: convert, overlaps
    """
    book = get_object_or_404(Book, pk=pk)
    if book.is_hidden:
        raise Http404
    reviews = Review.objects.filter(book=book).count()
    tags = Tag.objects.filter(books=book).count()
    return JsonResponse({"reviews": reviews, "tags": tags})


def both_may_miss(request, pk):
    """Of two lookups that both miss, the first one's 404 is the answer, and the second is never made.

    asks: GET 1 -> 200; GET 4 -> 404; GET 99 -> 404
    decided: convert, overlaps
    """
    count = Entry.objects.count()
    book = get_object_or_404(Book, pk=pk)
    tag = get_object_or_404(Tag, pk=pk)
    authors = Author.objects.count()
    return JsonResponse({"book": book.title, "tag": tag.name, "all": count + authors})


def permission_between(request, pk):
    """Who may not see the numbers gets no query for them.

    asks: GET 1 -> 403; anna GET 1 -> 403; boss GET 1 -> 200
    decided: convert, overlaps
    """
    book = get_object_or_404(Book, pk=pk)
    if not request.user.is_staff:
        return HttpResponseForbidden("staff only")
    ratings = Review.objects.filter(book=book).count()
    entries = Entry.objects.count()
    visits = Counter.objects.count()
    return JsonResponse({"numbers": [ratings, entries, visits]})


def redirect_between(request, pk):
    """A book without reviews redirects before the tags are read.

    asks: GET 1 -> 200; GET 2 -> 302
    decided: convert, overlaps
    """
    book = get_object_or_404(Book, pk=pk)
    count = book.reviews.count()
    if not count:
        return redirect("guards_hidden_between", pk=pk)
    tags = list(book.tags.order_by("pk"))
    books = list(book.author.books.order_by("pk"))
    return render(request, "book.html", {"book": book, "tags": tags, "books": books})


def method_first(request, pk):
    """A form is only counted when it was sent; a page is only read when it is shown.

    asks: GET 1 -> 200; POST 1 -> 200
    decided: convert, overlaps
    """
    if request.method == "POST":
        entries, reviews = Entry.objects.count(), Review.objects.filter(book_id=pk).count()
        return HttpResponse(f"{entries} {reviews}")
    authors = Author.objects.count()
    tags = Tag.objects.count()
    books = Book.objects.count()
    return HttpResponse(f"{authors} {tags} {books}")


def exists_then_get(request, pk):
    """`get` after `exists`: a row that is not there must not be asked for.

    asks: GET 1 -> 200; GET 99 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    entries = Entry.objects.count()
    title = "none"
    if Book.objects.filter(pk=pk).exists():
        title = Book.objects.get(pk=pk).title
    return JsonResponse({"title": title, "counts": [authors, entries]})


def only_staff(user):
    if not user.is_staff:
        raise PermissionDenied("staff only")


def guard_in_a_helper(request, pk):
    """The check that ends the request is hidden in a function.

    asks: GET 1 -> 403; boss GET 1 -> 200
    decided: convert, overlaps
    """
    book = get_object_or_404(Book, pk=pk)
    only_staff(request.user)
    reviews = Review.objects.filter(book=book).count()
    tags = Tag.objects.filter(books=book).count()
    return JsonResponse({"reviews": reviews, "tags": tags})


@login_required
def login_first(request, pk):
    """Strangers are sent to the login, and nothing is read for them.

    asks: GET 1 -> 302; anna GET 1 -> 200
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    tags = Tag.objects.count()
    books = Book.objects.count()
    return JsonResponse({"user": request.user.username, "numbers": [authors, tags, books]})


def only_one_row(request, pk):
    """`get` that finds several rows raises before what follows is read.

    asks: GET 1 -> 200; GET 2 -> 200; GET 3 -> 200
    decided: convert, overlaps
    """
    entries = Entry.objects.count()
    try:
        rating = Review.objects.get(book_id=pk).rating
    except Review.DoesNotExist:
        rating = None
    except Review.MultipleObjectsReturned:
        return HttpResponse("several")
    authors = Author.objects.count()
    tags = Tag.objects.count()
    return JsonResponse({"rating": rating, "numbers": [entries, authors, tags]})

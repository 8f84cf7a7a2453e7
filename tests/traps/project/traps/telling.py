"""Mails and messages: how many, in which order, and whether at all."""

from django.contrib import messages
from django.core.mail import EmailMessage, mail_admins, send_mail
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from shelf.models import Author, Book, Counter, Entry, Review, Tag


def order_of_mails(request, pk):
    """Two mails leave in the order of their lines, the first with what was known then.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    before = Review.objects.filter(book_id=pk).count()
    send_mail("First", f"{before} reviews", None, ["one@shelf.example"])
    Review.objects.create(book_id=pk, rating=3)
    after = Review.objects.filter(book_id=pk).count()
    send_mail("Second", f"{after} reviews", None, ["two@shelf.example"])
    tags = Tag.objects.count()
    books = Book.objects.count()
    return JsonResponse({"numbers": [before, after, tags, books]})


def mail_then_missing(request, pk):
    """The mail has left when the lookup behind it misses.

    asks: POST 1 -> 200; POST 99 -> 404
    decided: convert
    """
    send_mail("Asked", f"for {pk}", None, ["one@shelf.example"])
    book = get_object_or_404(Book, pk=pk)
    Entry.objects.create(text=book.title)
    return HttpResponse(book.title)


def missing_then_mail(request, pk):
    """Where the lookup misses no mail leaves.

    asks: POST 1 -> 302; POST 99 -> 404
    decided: convert
    """
    book = get_object_or_404(Book, pk=pk)
    send_mail("Found", book.title, None, ["one@shelf.example"])
    return redirect("guards_hidden_between", pk=pk)


def mail_that_is_rolled_back(request, pk):
    """A mail handed to `on_commit` leaves only where the transaction is kept.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert
    """
    try:
        with transaction.atomic():
            Entry.objects.create(text=f"mail for {pk}")
            transaction.on_commit(lambda: send_mail("Kept", f"{pk}", None, ["a@shelf.example"]))
            if pk == 2:
                raise ValueError(pk)
    except ValueError:
        return HttpResponse(f"rolled back, {Entry.objects.count()} entries")
    return HttpResponse(f"kept, {Entry.objects.count()} entries")


def mail_in_a_transaction(request, pk):
    """A mail sent in a transaction that fails has left all the same.

    asks: POST 1 -> 200; POST 2 -> 409
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    try:
        with transaction.atomic():
            Entry.objects.create(text=f"mail for {pk}")
            send_mail("Sent", f"{pk}", None, ["a@shelf.example"])
            Review.objects.create(book_id=pk, rating=10 // (2 - pk))
    except ZeroDivisionError:
        return HttpResponse("rolled back", status=409)
    return HttpResponse("kept")


def mail_with_the_result(request, pk):
    """`send_mail` says how many it has sent, and the view shows it.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert, overlaps
    """
    reviews = Review.objects.filter(book_id=pk).count()
    tags = Tag.objects.count()
    authors = Author.objects.count()
    sent = send_mail("Numbers", f"{reviews}", None, ["one@shelf.example"])
    return JsonResponse({"sent": sent, "numbers": [reviews, tags, authors]})


def mail_that_may_fail(request, pk):
    """A mail with a broken header is an error that the view answers for.

    asks: POST 1 -> 200; POST 2 -> 400
    decided: convert, overlaps
    """
    authors = Author.objects.count()
    counters = Counter.objects.count()
    if not authors + counters:
        raise Http404("an empty shelf")
    subject = "Two\nlines" if pk == 2 else "One line"
    try:
        send_mail(subject, "text", None, ["one@shelf.example"])
    except ValueError:
        return HttpResponse("bad header", status=400)
    return HttpResponse("sent")


def mail_is_built_then_changed(request, pk):
    """A message that is changed after it was sent leaves as it was.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: bridge U214
    """
    message = EmailMessage("Built", f"book {pk}", to=["one@shelf.example"])
    message.send()
    message.subject = "Changed"
    message.to.append("two@shelf.example")
    book = Book.objects.get(pk=pk)
    mail_admins("Asked", book.title)
    return HttpResponse(book.title)


def mail_for_each(request, pk):
    """A mail for each row, in the order of the rows, before the rows go.

    asks: POST 1 -> 200; POST 2 -> 200
    decided: convert
    """
    reviews = Review.objects.filter(book_id=pk).order_by("rating")
    for review in reviews:
        send_mail("Removed", f"rated {review.rating}", None, ["one@shelf.example"])
    reviews.delete()
    return HttpResponse(str(Entry.objects.count()))


def messages_between_reads(request, pk):
    """Messages are shown in the order in which they were told, and once.

    asks: GET 1 -> 200; GET 2 -> 200
    decided: convert, overlaps
    """
    books = list(Book.objects.filter(author_id=pk).order_by("pk"))
    messages.info(request, f"{len(books)} books")
    tags = list(Tag.objects.order_by("pk"))
    reviews = list(Review.objects.order_by("pk"))
    if not books:
        messages.warning(request, "no books")
        return redirect("guards_hidden_between", pk=1)
    messages.success(request, f"{len(tags)} tags")
    shown = {"books": books, "tags": tags, "reviews": reviews}
    return render(request, "messages.html", shown)

"""The old code of views that a single request shows nothing wrong with."""

import os
import urllib.error
import urllib.request

import requests
from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import DatabaseError, transaction
from django.http import HttpResponse
from shelf.models import Book, Entry, Shelf


def _call(path):
    with urllib.request.urlopen(f"{settings.UPSTREAM}{path}", timeout=5) as response:
        return response.read().decode()


def _counts():
    return [Book.objects.count(), Shelf.objects.count(), Entry.objects.count()]


def race(request):
    return HttpResponse(str(_counts()))


def wrong_error(request):
    try:
        Book.objects.count()
        Shelf.objects.count()
    except DatabaseError:
        return HttpResponse("sorry", status=503)
    return HttpResponse("fine")


def swallowed_error(request):
    Entry.objects.create(text="kept")
    return HttpResponse("written")


def unhandled_call(request):
    try:
        answer = _call("/price")
    except (urllib.error.URLError, OSError):
        answer = "none"
    return HttpResponse(answer)


def timeout_error(request):
    try:
        answer = _call("/price")
    except (urllib.error.URLError, OSError):
        answer = "none"
    return HttpResponse(answer)


def mail_error(request):
    send_mail("Hello", "Body", "shop@example.com", ["anna@example.com"])
    return HttpResponse("sent")


def silenced_mail(request):
    send_mail("Hello", "Body", "shop@example.com", ["anna@example.com"])
    return HttpResponse("sent")


def half_done(request):
    send_mail("Hello", "Body", "shop@example.com", ["anna@example.com"])
    Book.objects.count()
    Shelf.objects.count()
    Entry.objects.count()
    Entry.objects.create(text="told")
    return HttpResponse("told")


def right_half_written(request):
    Entry.objects.create(text="one")
    Book.objects.count()
    Entry.objects.create(text="two")
    return HttpResponse("written")


def remembering(request):
    return HttpResponse(str(Book.objects.count()))


def right_counts(request):
    return HttpResponse(str(_counts()))


def right_handling(request):
    try:
        counts = _counts()
    except DatabaseError:
        return HttpResponse("sorry", status=503)
    return HttpResponse(str(counts))


def right_call(request):
    try:
        answer = _call("/price")
    except (urllib.error.URLError, OSError):
        answer = "none"
    return HttpResponse(f"{answer} {Book.objects.count()}")


def right_transaction(request):
    with transaction.atomic():
        Entry.objects.create(text="one")
        Entry.objects.create(text="two")
    return HttpResponse(str(Entry.objects.count()))


def right_cache(request):
    count = cache.get("count")
    if count is None:
        count = Book.objects.count()
        cache.set("count", count)
    return HttpResponse(f"{count} {Shelf.objects.count()}")


def right_reads_again(request):
    return HttpResponse(f"{Book.objects.count()} {Entry.objects.count()}")


def right_silence(request):
    send_mail("Hello", "Body", "shop@example.com", ["anna@example.com"], fail_silently=True)
    return HttpResponse(f"sent {Book.objects.count()}{Shelf.objects.count()}")


def _shelves(names):
    for name in names:
        yield Shelf.objects.filter(name=name).count()


def partly_reached(request):
    try:
        number = Book.objects.count()
    except ZeroDivisionError:
        return HttpResponse("none", status=404)
    if request.GET.get("all"):
        return HttpResponse(
            str(Entry.objects.count()),
        )
    if number:
        number = sum(_shelves(["one"]))
    return HttpResponse(str(number))


def right_patience(request):
    try:
        with urllib.request.urlopen(f"{settings.UPSTREAM}/slow") as response:
            answer = response.read().decode()
    except OSError:
        answer = "none"
    return HttpResponse(f"{answer} {Book.objects.count()}")


def right_session(request):
    try:
        answer = requests.get(f"{settings.UPSTREAM}/price", timeout=5).text
    except requests.ReadTimeout:
        answer = "late"
    except requests.RequestException:
        answer = "none"
    return HttpResponse(f"{answer} {Book.objects.count()}")


_UNSTEADY_TIMES = []


def right_at_first(request):
    _UNSTEADY_TIMES.append(request)
    text = "steady" if len(_UNSTEADY_TIMES) == 1 else str(os.getpid())
    Entry.objects.create(text=text)
    return HttpResponse("written")


def right_afterwards(request):
    entry = Entry.objects.order_by("-pk").first()
    return HttpResponse(entry.text)

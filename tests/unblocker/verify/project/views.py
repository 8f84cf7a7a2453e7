"""The old code: each view shows one thing that a wrong conversion would change."""

import logging
import os
import time
import urllib.error
import urllib.request
import uuid

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpResponse, HttpResponseForbidden, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import get_random_string
from shelf.models import Book, Entry, Shelf
from shelf.signals import labelled, unheard
from shelf.tasks import label

logger = logging.getLogger(__name__)


def _call(method, path, body=None):
    request = urllib.request.Request(f"{settings.UPSTREAM}{path}", data=body, method=method)
    with urllib.request.urlopen(request, timeout=5) as response:
        return response.read().decode()


def guard(request):
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    return HttpResponse(Book.objects.count())


def mail(request):
    send_mail("Hello", "The body", "shop@example.com", ["anna@example.com"])
    return HttpResponse("sent")


def mail_text(request):
    send_mail("Hello", "The body", "shop@example.com", ["anna@example.com"])
    return HttpResponse("sent")


def write_order(request):
    Entry.objects.create(text="first")
    Shelf.objects.filter(name="novels").update(name="novels")
    return HttpResponse("written")


def write_lost(request):
    Entry.objects.create(text="lost")
    return HttpResponse("written")


def row(request):
    Book.objects.filter(title="Book 1").update(copies=7)
    return HttpResponse("written")


def in_transaction(request):
    with transaction.atomic():
        Entry.objects.create(text="one")
        Entry.objects.create(text="two")
    return HttpResponse("written")


def rolled_back(request):
    return HttpResponse("nothing written")


def status(request):
    return HttpResponse("x", status=201)


def missing(request):
    get_object_or_404(Book, pk=999)


def one_query(request):
    return HttpResponse(Book.objects.get(title="Book 1").title)


def two_queries(request):
    Shelf.objects.first()
    return HttpResponse(Book.objects.count())


def swallowed(request):
    raise ValueError("no such thing")


def other_exception(request):
    raise ValueError("no such thing")


def queryset(request):
    return render(request, "page.html", {"books": Book.objects.order_by("title")})


def order(request):
    return HttpResponse(", ".join(book.title for book in Book.objects.order_by("-title")))


def template(request):
    return render(request, "page.html", {})


def header(request):
    return HttpResponse("x", headers={"X-Shelf": "novels"})


def cookie(request):
    response = HttpResponse("x")
    response.set_cookie("seen", "yes", max_age=60)
    return response


def body(request):
    return JsonResponse({"books": [{"title": "Book 1", "copies": 1}]})


def redirection(request):
    return redirect("/status/")


def call_lost(request):
    return HttpResponse(_call("GET", "/price"))


def call_order(request):
    _call("POST", "/notes", b"one")
    _call("POST", "/notes", b"two")
    return HttpResponse("told")


def upload(request):
    default_storage.save("a.txt", ContentFile(b"content"))
    return HttpResponse("stored")


def session(request):
    request.session["count"] = request.session.get("count", 0) + 1
    return HttpResponse("counted")


def cache_key(request):
    cache.set("books", [1, 2], timeout=60)
    return HttpResponse("remembered")


def cache_lost(request):
    cache.set("shelves", {"novels"}, timeout=60)
    return HttpResponse("remembered")


def log_level(request):
    logger.warning("Shelf %s is full", 3)
    return HttpResponse("told")


def task(request):
    label.enqueue("novels")
    return HttpResponse("later")


def hangs(request):
    return HttpResponse("at once")


def dies(request):
    return HttpResponse("alive")


# From here on, the new code does the same, and nothing may be said against it.


def same_rows(request):
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    books = Book.objects.filter(owner=request.user).order_by("title")
    shelf = Shelf.objects.get(name="novels")
    messages.info(request, f"{shelf.name} at {timezone.now():%c}")
    return render(request, "page.html", {"books": books})


def same_tokens(request):
    request.session["token"] = get_random_string(12)
    Entry.objects.create(text=str(uuid.uuid4()))
    return JsonResponse({"token": request.session["token"], "entries": Entry.objects.count()})


def same_json(request):
    return JsonResponse({"a": 1, "b": [1, 2]})


def same_calls(request):
    answers = [_call("GET", "/count"), _call("GET", "/count")]
    _call("POST", "/notes", b"hello")
    return JsonResponse({"answers": answers})


def same_upload(request):
    name = default_storage.save("b.txt", request.FILES["file"])
    return HttpResponse(name)


def same_failure(request):
    Book.objects.get(title="no such book")
    return HttpResponse(Shelf.objects.count())


def same_transaction(request):
    with transaction.atomic():
        Entry.objects.create(text="kept")
        transaction.on_commit(
            lambda: send_mail("Kept", "", "shop@example.com", ["anna@example.com"])
        )
    return HttpResponse("written")


def same_cache(request):
    cache.set("page", HttpResponse("x"), timeout=60)
    cache.set("shelf", Shelf.objects.get(name="novels"), timeout=60)
    return HttpResponse("remembered")


def same_logs(request):
    logger.info("%d books", Book.objects.count())
    logger.info("%d shelves", Shelf.objects.count())
    return HttpResponse("told")


def same_task(request):
    label.enqueue("novels")
    return HttpResponse("later")


def blocked(request):
    try:
        urllib.request.urlopen("http://example.com/", timeout=5)
    except OSError as error:
        return HttpResponse(type(error).__name__)


def process_id(request):
    return HttpResponse(f"{os.getpid()} {time.perf_counter()}")


def untouched(request):
    return HttpResponse("no request comes here")


def signal(request):
    shelf = Shelf.objects.first()
    labelled.send(sender=Shelf, shelf=shelf, words={"novels"})
    return HttpResponse("labelled")


def same_signal(request):
    shelf = Shelf.objects.first()
    labelled.send(sender=Shelf, shelf=shelf, words={"poems", "crime"})
    unheard.send(sender=Shelf, number=1)
    return HttpResponse("labelled")

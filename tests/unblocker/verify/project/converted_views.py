"""The new code: up to `dies` each view does something else than the old one, behind it the same."""

import asyncio
import logging
import os
import time
import urllib.error
import urllib.request
import uuid

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpResponse, HttpResponseForbidden, JsonResponse
from django.shortcuts import redirect, render
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


async def guard(request):
    count = await Book.objects.acount()
    if not (await request.auser()).is_authenticated:
        return HttpResponseForbidden()
    return HttpResponse(count)


async def mail(request):
    return HttpResponse("sent")


def mail_text(request):
    send_mail("Hello", "Another body", "shop@example.com", ["anna@example.com"])
    return HttpResponse("sent")


async def write_order(request):
    await Shelf.objects.filter(name="novels").aupdate(name="novels")
    await Entry.objects.acreate(text="first")
    return HttpResponse("written")


async def write_lost(request):
    Entry.objects.acreate(text="lost").close()
    return HttpResponse("written")


async def row(request):
    await Book.objects.filter(title="Book 1").aupdate(copies=8)
    return HttpResponse("written")


async def in_transaction(request):
    await Entry.objects.acreate(text="one")
    await Entry.objects.acreate(text="two")
    return HttpResponse("written")


def rolled_back(request):
    try:
        with transaction.atomic():
            Entry.objects.create(text="tried")
            raise ValueError
    except ValueError:
        return HttpResponse("nothing written")


async def status(request):
    return HttpResponse("x", status=200)


async def missing(request):
    return HttpResponse(str(await Book.objects.filter(pk=999).afirst()))


async def one_query(request):
    await Book.objects.aexists()
    return HttpResponse((await Book.objects.aget(title="Book 1")).title)


async def two_queries(request):
    return HttpResponse(await Book.objects.acount())


async def swallowed(request):
    try:
        raise ValueError("no such thing")
    except ValueError:
        return HttpResponse("fine")


async def other_exception(request):
    raise KeyError("no such thing")


def queryset(request):
    return render(request, "page.html", {"books": list(Book.objects.order_by("title"))})


async def order(request):
    return HttpResponse(", ".join([book.title async for book in Book.objects.order_by("title")]))


def template(request):
    return render(request, "other_page.html", {})


async def header(request):
    return HttpResponse("x")


async def cookie(request):
    return HttpResponse("x")


async def body(request):
    return JsonResponse({"books": [{"title": "Book 1", "copies": 2}]})


async def redirection(request):
    return redirect("/body/")


async def call_lost(request):
    return HttpResponse("9.99")


def call_order(request):
    _call("POST", "/notes", b"two")
    _call("POST", "/notes", b"one")
    return HttpResponse("told")


def upload(request):
    default_storage.save("a.txt", ContentFile(b"other content"))
    return HttpResponse("stored")


async def session(request):
    return HttpResponse("counted")


async def cache_key(request):
    await cache.aset("book", [1, 2], timeout=60)
    return HttpResponse("remembered")


async def cache_lost(request):
    return HttpResponse("remembered")


async def log_level(request):
    logger.info("Shelf %s is full", 3)
    return HttpResponse("told")


async def task(request):
    await label.aenqueue("poems")
    return HttpResponse("later")


async def hangs(request):
    await asyncio.Event().wait()


async def dies(request):
    os._exit(3)


async def same_rows(request):
    user = await request.auser()
    if not user.is_authenticated:
        return HttpResponseForbidden()
    books = Book.objects.filter(owner=user).order_by("title")
    shelf = await Shelf.objects.aget(name="novels")
    messages.info(request, f"{shelf.name} at {timezone.now():%c}")
    return await sync_to_async(render)(request, "page.html", {"books": books})


async def same_tokens(request):
    await request.session.aset("token", get_random_string(12))
    await Entry.objects.acreate(text=str(uuid.uuid4()))
    token = await request.session.aget("token")
    return JsonResponse({"token": token, "entries": await Entry.objects.acount()})


async def same_json(request):
    return JsonResponse({"b": [1, 2], "a": 1})


async def same_calls(request):
    answers = [await asyncio.to_thread(_call, "GET", "/count") for _ in range(2)]
    await asyncio.to_thread(_call, "POST", "/notes", b"hello")
    return JsonResponse({"answers": answers})


async def same_upload(request):
    name = await asyncio.to_thread(default_storage.save, "b.txt", request.FILES["file"])
    return HttpResponse(name)


async def same_failure(request):
    # As a gather would: the second read has begun when the first one fails.
    count = await Shelf.objects.acount()
    await Book.objects.aget(title="no such book")
    return HttpResponse(count)


async def same_transaction(request):
    def write():
        with transaction.atomic():
            Entry.objects.create(text="kept")
            transaction.on_commit(
                lambda: send_mail("Kept", "", "shop@example.com", ["anna@example.com"])
            )

    await sync_to_async(write)()
    return HttpResponse("written")


async def same_cache(request):
    await cache.aset("page", HttpResponse("x"), timeout=60)
    await cache.aset("shelf", await Shelf.objects.aget(name="novels"), timeout=60)
    return HttpResponse("remembered")


async def same_logs(request):
    shelves, books = await Shelf.objects.acount(), await Book.objects.acount()
    logger.info("%d shelves", shelves)
    logger.info("%d books", books)
    return HttpResponse("told")


async def same_task(request):
    await label.aenqueue("novels")
    return HttpResponse("later")


def blocked(request):
    try:
        urllib.request.urlopen("http://example.com/", timeout=5)
    except OSError as error:
        return HttpResponse(type(error).__name__)


async def process_id(request):
    return HttpResponse(f"{os.getpid()} {time.perf_counter()}")


async def untouched(request):
    return HttpResponse("something else")


async def signal(request):
    shelf = await Shelf.objects.afirst()
    labelled.send(sender=Shelf, shelf=shelf, words={"thrillers"})
    return HttpResponse("labelled")


async def same_signal(request):
    shelf = await Shelf.objects.afirst()
    await labelled.asend(sender=Shelf, shelf=shelf, words={"crime", "poems"})
    unheard.send(sender=Shelf, number=2)
    return HttpResponse("labelled")

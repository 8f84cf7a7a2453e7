"""The new code: up to `half_done` each is wrong under some trial, behind it none is."""

import asyncio
import os
import urllib.error
import urllib.request
from contextlib import suppress

import requests
from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import DatabaseError, transaction
from django.http import HttpResponse
from shelf.models import Book, Entry, Shelf

from django_unblock import http


def _call(path):
    with urllib.request.urlopen(f"{settings.UPSTREAM}{path}", timeout=5) as response:
        return response.read().decode()


async def _counts():
    return await asyncio.gather(
        Book.objects.acount(), Shelf.objects.acount(), Entry.objects.acount()
    )


async def race(request):
    counts = []

    async def count(model):
        counts.append(await model.objects.acount())

    await asyncio.gather(count(Book), count(Shelf), count(Entry))
    return HttpResponse(str(counts))


async def wrong_error(request):
    try:
        await Book.objects.acount()
        await Shelf.objects.acount()
    except ValueError:
        return HttpResponse("sorry", status=503)
    return HttpResponse("fine")


async def swallowed_error(request):
    try:
        await Entry.objects.acreate(text="kept")
    except DatabaseError:
        return HttpResponse("not written")
    return HttpResponse("written")


async def unhandled_call(request):
    return HttpResponse(_call("/price"))


async def timeout_error(request):
    try:
        answer = _call("/price")
    except (urllib.error.URLError, ConnectionError):
        answer = "none"
    return HttpResponse(answer)


async def mail_error(request):
    with suppress(OSError):
        send_mail("Hello", "Body", "shop@example.com", ["anna@example.com"])
    return HttpResponse("sent")


async def silenced_mail(request):
    send_mail("Hello", "Body", "shop@example.com", ["anna@example.com"], fail_silently=True)
    return HttpResponse("sent")


async def half_done(request):
    send_mail("Hello", "Body", "shop@example.com", ["anna@example.com"])
    await Book.objects.acount()
    await Shelf.objects.acount()
    await Entry.objects.acount()
    await Entry.objects.acreate(text="told")
    return HttpResponse("told")


async def right_half_written(request):
    await Entry.objects.acreate(text="one")
    await Book.objects.acount()
    await Entry.objects.acreate(text="two")
    return HttpResponse("written")


_seen = []


async def remembering(request):
    _seen.append(await Book.objects.acount())
    return HttpResponse(str(_seen[0] + len(_seen) // 2))


async def right_counts(request):
    return HttpResponse(str(await _counts()))


async def right_handling(request):
    try:
        counts = await _counts()
    except DatabaseError:
        return HttpResponse("sorry", status=503)
    return HttpResponse(str(counts))


async def right_call(request):
    def answer():
        try:
            return _call("/price")
        except (urllib.error.URLError, OSError):
            return "none"

    found, count = await asyncio.gather(asyncio.to_thread(answer), Book.objects.acount())
    return HttpResponse(f"{found} {count}")


def right_transaction(request):
    with transaction.atomic():
        Entry.objects.create(text="one")
        Entry.objects.create(text="two")
    return HttpResponse(str(Entry.objects.count()))


async def right_cache(request):
    count = await cache.aget("count")
    if count is None:
        count = await Book.objects.acount()
        await cache.aset("count", count)
    return HttpResponse(f"{count} {await Shelf.objects.acount()}")


async def right_reads_again(request):
    books, entries = await asyncio.gather(Book.objects.acount(), Entry.objects.acount())
    return HttpResponse(f"{books} {entries}")


async def right_silence(request):
    send_mail("Hello", "Body", "shop@example.com", ["anna@example.com"], fail_silently=True)
    return HttpResponse(f"sent {await Book.objects.acount()}{await Shelf.objects.acount()}")


async def _ashelves(names):
    for name in names:
        yield await Shelf.objects.filter(name=name).acount()


async def partly_reached(request):
    try:
        number = await Book.objects.acount()
    except ZeroDivisionError:
        return HttpResponse("none", status=404)
    if request.GET.get("all"):
        return HttpResponse(
            str(await Entry.objects.acount()),
        )
    if number:
        number = sum([each async for each in _ashelves(["one"])])
    return HttpResponse(str(number))


async def right_patience(request):
    def answer():
        try:
            with urllib.request.urlopen(f"{settings.UPSTREAM}/slow") as response:
                return response.read().decode()
        except OSError:
            return "none"

    found = await asyncio.to_thread(answer)
    return HttpResponse(f"{found} {await Book.objects.acount()}")


async def right_session(request):
    try:
        answer = (await http.get(f"{settings.UPSTREAM}/price", timeout=5)).text
    except requests.ReadTimeout:
        answer = "late"
    except requests.RequestException:
        answer = "none"
    return HttpResponse(f"{answer} {await Book.objects.acount()}")


_UNSTEADY_TIMES = []


async def right_at_first(request):
    _UNSTEADY_TIMES.append(request)
    text = "steady" if len(_UNSTEADY_TIMES) == 1 else str(os.getpid())
    await Entry.objects.acreate(text=text)
    return HttpResponse("written")


async def right_afterwards(request):
    entry = await Entry.objects.order_by("-pk").afirst()
    return HttpResponse(entry.text)

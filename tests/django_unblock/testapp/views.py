import asyncio
import threading
from pathlib import Path

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, HttpResponse, JsonResponse, StreamingHttpResponse
from django.views import View
from pools import interval

from django_unblock import aatomic, gather
from testapp.models import Author, Book


async def book(request, pk):
    found = await Book.objects.aget(pk=pk)
    return JsonResponse({"title": found.title, "author": found.author.name})


def sync_book(request, pk):
    found = Book.objects.get(pk=pk)
    return JsonResponse(
        {
            "title": found.title,
            "author": found.author.name,
            "thread": threading.current_thread().name,
        }
    )


async def counts(request):
    authors, books = await gather(Author.objects.acount(), Book.objects.acount())
    return JsonResponse({"authors": authors, "books": books})


class Counts(View):
    async def get(self, request):
        return await counts(request)


async def me(request):
    return JsonResponse({"user": request.user.get_username()})


@login_required
async def private(request):
    return HttpResponse("private")


async def visits(request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    return HttpResponse(str(request.session["visits"]))


async def create(request):
    """Makes an author and a book, or with ?fail neither."""
    async with aatomic():
        author = await Author.objects.acreate(name="made")
        await Book.objects.acreate(title="made", author=author)
        if "fail" in request.GET:
            raise ValueError("as asked")
    return HttpResponse(status=201)


async def everywhere(request):
    """How many authors a coroutine, a child task, a worker thread and plain calls see."""

    async def child():
        return await Author.objects.acount()

    return JsonResponse(
        {
            "awaited": await Author.objects.acount(),
            "plain": Author.objects.count(),
            "task": await asyncio.create_task(child()),
            "sensitive": await sync_to_async(Author.objects.count)(),
            "free": await sync_to_async(Author.objects.count, thread_sensitive=False)(),
        }
    )


async def slow(request):
    interval(30)
    return HttpResponse("never")


def stream(request):
    def rows():
        with transaction.atomic():
            for author in Author.objects.order_by("pk").iterator(chunk_size=1):
                yield f"{author.name}\n"

    return StreamingHttpResponse(rows())


async def astream(request):
    async def rows():
        async for author in Author.objects.order_by("pk").aiterator(chunk_size=1):
            yield f"{author.name}\n"

    return StreamingHttpResponse(rows())


def download(request):
    return FileResponse(Path(__file__).open("rb"))


def broken(request):
    raise ValueError("as written")


async def half_done(request):
    await Author.objects.acreate(name="half")
    raise ValueError("the other half")


def sync_half_done(request):
    Author.objects.create(name="half")
    raise ValueError("the other half")


async def done(request):
    await Author.objects.acreate(name="done")
    return HttpResponse("done")

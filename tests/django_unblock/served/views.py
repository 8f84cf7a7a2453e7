import asyncio
import hashlib
import os
import threading
from contextvars import ContextVar

from django.core.signals import request_finished
from django.db import connection
from django.dispatch import receiver
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.views.decorators.csrf import csrf_exempt
from testapp.models import Author

from django_unblock import background

told = threading.Event()
ending = ContextVar("ending", default=None)


@receiver(request_finished)
def note_finish(**_):
    if ending.get() is not None:
        Author.objects.create(name=f"finished {ending.get()}")


def ending_with(request, name):
    ending.set(name)
    return HttpResponse("ends")


def page(request):
    return JsonResponse({"authors": Author.objects.count(), "user": request.user.get_username()})


def stream(request):
    def parts():
        yield "one\n"
        told.wait(10)
        yield f"{Author.objects.count()}\n"

    told.clear()
    return StreamingHttpResponse(parts())


async def astream(request):
    async def parts():
        yield "one\n"
        while not told.is_set():  # noqa: ASYNC110 - the event is a thread's
            await asyncio.sleep(0.01)
        yield f"{await Author.objects.acount()}\n"

    told.clear()
    return StreamingHttpResponse(parts())


def go(request):
    told.set()
    return HttpResponse("gone")


@csrf_exempt
async def upload(request):
    return HttpResponse(hashlib.sha256(request.body).hexdigest())


async def slow(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(60)")
    return HttpResponse("never")


async def started(request):
    from served.asgi import hooks

    return JsonResponse(hooks, safe=False)


async def job(request):
    background(late)
    return HttpResponse(str(os.getpid()))


async def late():
    await asyncio.sleep(0.5)
    await Author.objects.acreate(name="written during shutdown")

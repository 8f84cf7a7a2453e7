import os
import threading
from pathlib import Path

import requests
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path


def ping(request):
    return HttpResponse("pong")


def signed(request):
    """Leaves the name of the process that answered."""
    with Path(request.GET["file"]).open("a") as file:
        file.write(f"{os.getpid()}\n")
    return HttpResponse("signed")


def work(request):
    """A query, an API call, a write in a transaction, a mail: in this order."""
    count = User.objects.count()
    requests.get(f"{settings.API}/rates?base=EUR", timeout=5)
    with transaction.atomic():
        Group.objects.update_or_create(name="visited")
    send_mail("Subject", "Text", "shop@x.example", ["ann@x.example"])
    return HttpResponse(f"{count} users")


def behind(request):
    """A mail from a thread that the response does not wait for."""
    threading.Timer(0.05, send_mail, ("Late", "Text", "shop@x.example", ["ann@x.example"])).start()
    return HttpResponse("sent later")


def whoami(request):
    body = {name: file.read().decode() for name, file in request.FILES.items()}
    return JsonResponse({"user": request.user.username, **request.POST.dict(), **body})


def away(request):
    return redirect("/broken/")


def broken(request):
    raise RuntimeError("broken on purpose")


urlpatterns = [
    path("ping/", ping),
    path("signed/", signed),
    path("work/", work),
    path("behind/", behind),
    path("whoami/", whoami),
    path("away/", away),
    path("broken/", broken),
]

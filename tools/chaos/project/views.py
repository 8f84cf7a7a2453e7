"""The views: each answers with its request's token and with what it read in its own rows."""

import hashlib
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from django_unblock import background, unblock
from django_unblock.placement import in_thread
from tools.chaos.project import bank, pool_counts
from tools.chaos.project.models import Account
from tools.chaos.records import Move


def transfer(request: HttpRequest, token: str) -> HttpResponse:
    """Move money in a synchronous view."""
    return JsonResponse(bank.transfer(token, _move(request), refuse="refuse" in request.GET))


@in_thread
def transfer_in_thread(request: HttpRequest, token: str) -> HttpResponse:
    """Move money in a synchronous view in a worker thread."""
    return JsonResponse(bank.transfer(token, _move(request), refuse="refuse" in request.GET))


async def atransfer(request: HttpRequest, token: str) -> HttpResponse:
    """Move money in an async view."""
    return JsonResponse(await bank.atransfer(token, _move(request), refuse="refuse" in request.GET))


def _move(request: HttpRequest) -> Move:
    return Move(*(int(request.GET[name]) for name in ("source", "target", "amount")))


async def gathered(request: HttpRequest, token: str) -> HttpResponse:
    """Read many accounts at the same time."""
    owners = await bank.owners_at_once(_ids(request))
    return JsonResponse({"token": token, "user": request.user.get_username(), "owners": owners})


async def nested(request: HttpRequest, token: str) -> HttpResponse:
    """Read accounts in nested fan-outs."""
    return JsonResponse({"token": token, "owners": await bank.owners_nested(_ids(request))})


def page(request: HttpRequest, token: str) -> HttpResponse:
    """Render a template that reads the user and a queryset."""
    accounts = Account.objects.filter(pk__in=_ids(request)).order_by("pk")
    return render(
        request, "page.json", {"token": token, "user": request.user, "accounts": accounts}
    )


async def slow(request: HttpRequest, token: str) -> HttpResponse:
    """Read an account in a statement that takes 30 ms."""
    owner = await unblock(bank.owner_slowly)(_ids(request)[0], 0.03)
    return JsonResponse({"token": token, "owners": [owner]})


def stream(request: HttpRequest, token: str) -> StreamingHttpResponse:
    """Stream accounts from a synchronous generator."""
    return StreamingHttpResponse(_parts(token, bank.streamed(_ids(request))))


def _parts(token: str, owners: Iterator[str]) -> Iterator[str]:
    yield f'["{token}"'
    for owner in owners:
        yield f", {json.dumps(owner)}"
    yield "]"


async def astream(request: HttpRequest, token: str) -> StreamingHttpResponse:
    """Stream accounts from an async generator."""
    return StreamingHttpResponse(_aparts(token, bank.astreamed(_ids(request))))


async def _aparts(token: str, owners: AsyncIterator[str]) -> AsyncIterator[str]:
    yield f'["{token}"'
    async for owner in owners:
        yield f", {json.dumps(owner)}"
    yield "]"


@csrf_exempt
async def upload(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with the digest of what was uploaded."""
    digest = hashlib.sha256(request.body).hexdigest()
    return JsonResponse({"token": token, "user": request.user.get_username(), "digest": digest})


async def job(request: HttpRequest, token: str) -> HttpResponse:
    """Start a background job."""
    background(bank.job, token, float(request.GET["seconds"]), held="held" in request.GET)
    return JsonResponse({"token": token})


async def pool(_request: HttpRequest) -> HttpResponse:
    """Tell what the pool counts; it reads nothing, so that it does not count itself."""
    return JsonResponse(pool_counts.counts())


def _ids(request: HttpRequest) -> list[Any]:
    return [int(pk) for pk in request.GET["ids"].split(",")]

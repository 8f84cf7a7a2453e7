"""Views that the URLconf reaches in unusual ways."""

import functools

from django.db import transaction
from django.http import HttpResponse
from django.views.decorators.cache import cache_page, never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET

from .models import Product


def own(view):
    @functools.wraps(view)
    def wrapper(request, *args, **kwargs):
        return view(request, *args, **kwargs)

    return wrapper


@require_GET
@own
def wrapped_in_urls(request):
    return HttpResponse(Product.objects.count())


def atomic_in_urls(request):
    return HttpResponse()


def with_argument(request, flavour):
    return HttpResponse(flavour)


@never_cache
@csrf_exempt
def plain(request):
    return HttpResponse()


@cache_page(60)
@csrf_protect
@transaction.atomic
def deep(request, pk):
    return HttpResponse(pk)


async def coroutine(request):
    return HttpResponse(await Product.objects.acount())


class Callable:
    def __call__(self, request):
        return HttpResponse(Product.objects.count())

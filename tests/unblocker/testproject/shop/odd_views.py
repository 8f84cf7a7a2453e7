"""Views that the URLconf reaches in unusual ways."""

import functools

from django.contrib.admin.views.decorators import staff_member_required
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import cache_page, never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET
from rest_framework.decorators import renderer_classes

from .models import Order, Product, Review


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


def rows_of(request, model):
    return HttpResponse(list(model.objects.all()))


def counted(request, model):
    return HttpResponse(model.objects.count())


@renderer_classes([])
def foreign(request):
    return HttpResponse()


@staff_member_required
def staff(request):
    return HttpResponse()


TWO = {"a": lambda request: HttpResponse("a"), "b": lambda request: HttpResponse("b")}


class Callable:
    def __call__(self, request):
        return HttpResponse(Product.objects.count())


exec("def made(request): return HttpResponse()")


def flagged(request, flag, name):
    if name != "shop":
        return JsonResponse({"reviews": Review.objects.count()})
    if flag:
        return JsonResponse({"products": Product.objects.count()})
    return JsonResponse({"orders": Order.objects.count()})


def office(request):
    return JsonResponse({"orders": Order.objects.count()})

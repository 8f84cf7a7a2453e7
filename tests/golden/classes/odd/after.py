"""Views that are neither a plain function nor a class."""

from functools import partial

from django.http import JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django_unblock import gather, together

from shop.decorators import audited
from shop.models import Order, Product, Tag


async def part(request, what):
    # tags, orders and products do not depend on each other: they run at the same time.
    tags, orders, products = await gather(
        Tag.objects.acount(),
        Order.objects.acount(),
        Product.objects.acount(),
    )
    return JsonResponse({what: tags, "orders": orders, "products": products})


class Callable:
    def __init__(self, what):
        self.what = what

    def __call__(self, request):
        # tags, orders and products do not depend on each other: they run at the same time.
        tags, orders, products = together(
            Tag.objects.count,
            Order.objects.count,
            Product.objects.count,
        )
        return JsonResponse({self.what: tags, "orders": orders, "products": products})


def outside(request):
    # tags, orders and products do not depend on each other: they run at the same time.
    tags, orders, products = together(
        Tag.objects.count,
        Order.objects.count,
        Product.objects.count,
    )
    return JsonResponse({"tags": tags, "orders": orders, "products": products})


async def fresh(request):
    # tags, orders and products do not depend on each other: they run at the same time.
    tags, orders, products = await gather(
        Tag.objects.acount(),
        Order.objects.acount(),
        Product.objects.acount(),
    )
    return JsonResponse({"tags": tags, "orders": orders, "products": products})


urlpatterns = [
    path("part/", partial(part, what="tags")),
    path("callable/", Callable("tags")),
    path("outside/", audited(outside)),
    path("fresh/", never_cache(fresh)),
    path(
        "lambda/",
        lambda request: JsonResponse({"t": Tag.objects.count(), "o": Order.objects.count()}),
    ),
]

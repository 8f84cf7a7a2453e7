"""Views that are neither a plain function nor a class."""

from functools import partial

from django.http import JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache

from shop.decorators import audited
from shop.models import Order, Product, Tag


def part(request, what):
    tags = Tag.objects.count()
    orders = Order.objects.count()
    products = Product.objects.count()
    return JsonResponse({what: tags, "orders": orders, "products": products})


class Callable:
    def __init__(self, what):
        self.what = what

    def __call__(self, request):
        tags = Tag.objects.count()
        orders = Order.objects.count()
        products = Product.objects.count()
        return JsonResponse({self.what: tags, "orders": orders, "products": products})


def outside(request):
    tags = Tag.objects.count()
    orders = Order.objects.count()
    products = Product.objects.count()
    return JsonResponse({"tags": tags, "orders": orders, "products": products})


def fresh(request):
    tags = Tag.objects.count()
    orders = Order.objects.count()
    products = Product.objects.count()
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

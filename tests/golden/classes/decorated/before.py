"""Functions under decorators of the project."""

from functools import wraps

from django.http import HttpResponseNotFound, JsonResponse
from django.urls import path

from shop.decorators import audited
from shop.models import Order, Product, Tag


def with_tag(view):
    """Changes the signature."""

    @wraps(view)
    def wrapper(request, pk, *args, **kwargs):
        tag = Tag.objects.filter(pk=pk).first()
        if tag is None:
            return HttpResponseNotFound("no such tag")
        return view(request, tag, *args, **kwargs)

    return wrapper


@audited
def watched(request):
    tags = Tag.objects.count()
    orders = Order.objects.count()
    products = Product.objects.count()
    return JsonResponse({"tags": tags, "orders": orders, "products": products})


@with_tag
def tagged(request, tag):
    orders = Order.objects.count()
    products = Product.objects.count()
    return JsonResponse({"tag": tag.name, "orders": orders, "products": products})


urlpatterns = [
    path("watched/", watched),
    path("tagged/<int:pk>/", tagged),
]

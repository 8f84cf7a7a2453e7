"""Statements that ask several times."""

from django.db.models import Sum
from django.http import JsonResponse

from ..models import Order, OrderItem, Product, Review


def dictionary(request):
    return JsonResponse(
        {
            "products": Product.objects.count() - 1,
            "paid": Order.objects.aggregate(total=Sum("total"))["total"] or 0,
            "max": Review.objects.count(),
            "not a name": OrderItem.objects.filter(pk=request.GET["pk"]).count(),
        }
    )


def make(**values):
    return values


def keywords(request):
    context = make(products=Product.objects.count(), reviews=Review.objects.count())
    return JsonResponse(context)


def twice_the_same(request, products):
    return [Product.objects.count(), Product.objects.count(), {"products": Review.objects.count()}]


def behind_a_call(request):
    return [int(Product.objects.count()), Review.objects.count()]


def behind_an_item(request):
    return [Product.objects.count(), request.GET["pk"], Review.objects.count()]


def behind_a_relation(request, pk):
    product = Product.objects.get(pk=pk)
    return [product.category, Review.objects.count()]


def perhaps(request):
    return [Product.objects.count() if Order.objects.exists() else Review.objects.count()]


def in_a_loop(request):
    return [Product.objects.filter(pk=pk).count() for pk in (1, 2)]


def writes(request):
    return [Product.objects.count(), Product.objects.create(name="x"), Review.objects.count()]


def inside_each_other(request):
    return [Product.objects.filter(stock=Review.objects.count()).count(), Order.objects.count()]

"""Helpers, followed."""

from django.contrib.auth.decorators import login_required
from django.http import JsonResponse

from .. import helpers
from ..helpers import Basket, check_owner, count_orders, count_products, fetch_rates, find_order
from ..models import Order, Product


def helper(request):
    products = count_products()
    rates = fetch_rates()
    return JsonResponse({"products": products, "rates": rates})


def pure_helper(request, pk):
    return JsonResponse({"n": helpers.double(pk)})


@login_required
def logged_in(request):
    phone = helpers.phone_of(request.user)
    reviews = helpers.count_reviews(request.user)
    return JsonResponse({"phone": phone, "reviews": reviews})


def lazy_user(request):
    phone = helpers.phone_of(request.user)
    reviews = helpers.count_reviews(request.user)
    return JsonResponse({"phone": phone, "reviews": reviews})


def guard(request, pk):
    order = Order.objects.get(pk=pk)
    check_owner(order, request.user)
    return JsonResponse({"items": order.items.count()})


def guard_inside(request, pk):
    order = find_order(pk, request.user)
    return JsonResponse({"total": order.total})


def global_state(request, pk):
    helpers.remember("pk", pk)
    return JsonResponse({"n": count_products()})


def changed_argument(request, pk):
    product = Product.objects.get(pk=pk)
    helpers.rename(product, "new")
    return JsonResponse({"name": product.name})


def generator(request, pk):
    return JsonResponse({"n": sum(helpers.reviews_of(Product.objects.get(pk=pk)))})


def recursive(request, pk):
    return JsonResponse({"even": helpers.even(pk)})


def decorated(request):
    return JsonResponse({"n": count_orders()})


def own_class(request):
    basket = Basket(request.user)
    return JsonResponse({"size": basket.size(), "newest": basket.newest.total})


def unknown_call(request):
    import imaplib

    box = imaplib.IMAP4("mail.example")
    return JsonResponse({"box": box.select()})


def callback(request):
    found = sorted([1, 2], key=lambda pk: Product.objects.get(pk=pk).price)
    return JsonResponse({"found": found})


def nested(request):
    def count():
        return Order.objects.count()

    return JsonResponse({"n": count()})


def nested_pure(request):
    def double(number):
        return number * 2

    return JsonResponse({"n": double(2)})


def uses_locals(request):
    name = "x"
    return JsonResponse(dict(locals()))

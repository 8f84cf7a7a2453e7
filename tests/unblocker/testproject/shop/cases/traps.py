"""What is easily missed."""

import logging
from contextlib import suppress
from functools import partial

import requests
from django.core.mail import send_mail
from django.db import transaction
from django.forms.models import model_to_dict
from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.loader import get_template
from django.template.response import TemplateResponse

from .. import helpers
from ..models import Category, Order, OrderItem, Product

logger = logging.getLogger(__name__)


class Counter:
    total = 0


def key_function(request):
    products = sorted(Product.objects.all(), key=lambda product: product.category.name)
    return JsonResponse({"names": [product.name for product in products]})


def redirect_to_instance(request, pk):
    item = OrderItem.objects.get(pk=pk)
    return redirect(item)


def logged_instance(request, pk):
    item = OrderItem.objects.get(pk=pk)
    logger.info("Seen: %s", item)
    return JsonResponse({})


def suppressed(request, pk):
    product = Product.objects.get(pk=pk)
    with suppress(Category.DoesNotExist):
        name = product.category.name
    return JsonResponse({"again": product.category.name})


def refreshed(request, pk):
    product = Product.objects.get(pk=pk)
    name = product.category.name
    product.refresh_from_db()
    return JsonResponse({"name": name, "again": product.category.name})


def other_foreign_key(request, pk):
    product = Product.objects.get(pk=pk)
    name = product.category.name
    product.category_id = 3
    return JsonResponse({"name": name, "again": product.category.name})


def part_of_data(request):
    data = requests.get("https://api.example/").json()
    rows = data["rows"]
    rows.append(1)
    return JsonResponse(requests.post("https://other.example/", json=data).json())


def element_of_list(request):
    products = list(Product.objects.all())
    first = products[0]
    first.name = "new"
    Product.objects.bulk_update(products, ["name"])
    return JsonResponse({})


def set_by_middleware(request):
    return JsonResponse({"name": request.tenant.name})


def class_attribute(request):
    Counter.total = Counter.total + 1
    return JsonResponse({})


def state_of_another_module(request, pk):
    return JsonResponse({"n": helpers.remembered(pk), "all": len(helpers.COUNTS)})


def returned_function(request, pk):
    function = helpers.adder(pk)
    return JsonResponse({"n": function(1)})


def object_of_last_round(request):
    names = []
    last = None
    for product in Product.objects.all():
        names.append(product.category.name)
        if last is not None:
            names.append(last.category.name)
        last = product
    return JsonResponse({"names": names})


def bound_before_continue(request):
    found = None
    for product in Product.objects.all():
        if found is None:
            found = product
            continue
        found.category.name
    return JsonResponse({"found": found.category.name})


def partial_after_commit(request):
    transaction.on_commit(partial(send_mail, "a", "b", None, ["c@d.example"]))
    return JsonResponse({})


def method_after_commit(request, pk):
    order = Order.objects.get(pk=pk)
    transaction.on_commit(order.save)
    return JsonResponse({})


def library_function_handed_over(request):
    answers = list(map(requests.get, ["https://api.example/"]))
    return JsonResponse({"n": len(answers)})


def helper_handed_over(request):
    return JsonResponse({"n": list(map(helpers.find_order, [1], [request.user]))})


def sliced_by_variable(request, pk):
    products = Product.objects.all()[:pk]
    return JsonResponse({"n": products.count()})


def loaded_template(request, pk):
    order = Order.objects.get(pk=pk)
    return JsonResponse({"text": get_template("shop/receipt.txt").render({"order": order})})


def template_response(request):
    products = Product.objects.all()
    return TemplateResponse(request, "shop/tags.html", {"products": products})


def as_dictionary(request, pk):
    return JsonResponse(model_to_dict(Product.objects.get(pk=pk)))


def printed(request):
    print("Hello")
    return JsonResponse({})


def remembered(number, seen=[]):  # noqa: B006
    seen.append(number)
    return len(seen)


def added_to(number, seen=None):
    seen = seen or []
    seen.append(number)
    return len(seen)


def default_that_is_kept(request):
    kept = remembered(1)
    given = remembered(2, [])
    made = added_to(3)
    return JsonResponse({"numbers": [kept, given, made]})

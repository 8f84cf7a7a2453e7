"""What a request to a view may do in all, wherever it happens."""

from django.http import JsonResponse
from django.shortcuts import render

from ..forms import ReviewForm
from ..helpers import Basket, check_owner
from ..models import Order, OrderItem, Product


def through_a_helper(request):
    return JsonResponse({"orders": Basket(1).size()})


def through_a_template(request):
    return render(request, "shop/receipt.txt", {"order": Order.objects.get(pk=1)})


def through_a_receiver(request):
    Order.objects.create(user_id=1)
    return JsonResponse({})


def through_a_save(request):
    OrderItem.objects.create(order_id=1, product_id=1)
    return JsonResponse({})


def nothing(request):
    check_owner(Order(user_id=1), Order(pk=2))
    return JsonResponse({"valid": bool(ReviewForm)})


def rows_that_a_template_reads(request):
    products = Product.objects.all()
    return render(request, "shop/page.html", {"products": products})


def inside(request):
    def count():
        return Product.objects.count()

    return JsonResponse({"products": count()})

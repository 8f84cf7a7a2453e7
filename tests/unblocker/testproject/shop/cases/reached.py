"""What a request to a view may do in all, wherever it happens."""

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.sites.models import Site
from django.contrib.sites.shortcuts import get_current_site
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.http import JsonResponse
from django.shortcuts import render

from ..forms import ReviewForm
from ..helpers import Basket, Locked, ask, check_owner, paged
from ..models import Order, OrderItem, Product, Review


def through_a_helper(request):
    return JsonResponse({"orders": Basket(1).size()})


def through_a_template(request):
    return render(request, "shop/receipt.txt", {"order": Order.objects.get(pk=1)})


def through_a_receiver(request):
    Order.objects.create(user_id=1)
    return JsonResponse({})


def past_a_receiver_for_new_rows(request, pk):
    order = Order.objects.get(pk=pk)
    order.save()
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


def pages_of_products(request):
    page = paged(Product.objects.all(), request.GET["page"])
    return JsonResponse({"products": [product.name for product in page]})


def pages_of_orders(request):
    page = paged(Order.objects.all(), request.GET["page"])
    return JsonResponse({"orders": [order.pk for order in page]})


def asked_by_name(request):
    product = Product.objects.get(pk=1)
    return JsonResponse({"rating": ask(product, "rating")})


def asked_another(request):
    item = OrderItem.objects.get(pk=1)
    return JsonResponse({"url": ask(item, "get_absolute_url")})


def text_of_rows(request):
    products = Product.objects.all()
    print(products)
    return JsonResponse({"names": [product.name for product in products]})


def never(request):
    if settings.SHOP_CLOSED or "closed" in settings.SHOP_WORDS:
        return JsonResponse({"orders": Order.objects.count()})
    if not settings.SHOP_CLOSED and settings.SHOP_NAME == "shop":
        return JsonResponse({"products": Product.objects.count()})
    return JsonResponse({"reviews": Review.objects.count()})


def perhaps(request):
    if request.GET or settings.SHOP_CLOSED:
        return JsonResponse({"orders": Order.objects.count()})
    return JsonResponse({"users": get_user_model().objects.count()})


def site(request):
    return JsonResponse({"site": Site.objects.get_current().name})


def site_of_request(request):
    return JsonResponse({"site": get_current_site(request).name})


def new_user(request):
    get_user_model().objects.create_user(username="a")
    return JsonResponse({})


def in_a_transaction(request):
    with Locked():
        return JsonResponse({"products": Product.objects.count()})


def new_order(request):
    order = Order(user_id=1)
    return JsonResponse({"referrer": order.referrer, "user": order.user.pk})


def one_of_two_templates(request):
    name = "shop/page.html"
    if request.GET:
        name = "shop/receipt.txt"
    return render(request, name, {"order": Order.objects.get(pk=1)})


def rows_or_nothing(request):
    products = ""
    if request.GET:
        products = Product.objects.all()
    return JsonResponse({"names": [product.name for product in products]})


def both_hold(request, pk):
    order = Order.objects.get(pk=pk)
    if request.GET and order.referrer:
        return JsonResponse({"name": order.referrer.get_username()})
    return JsonResponse({})


def either_holds(request, pk):
    order = Order.objects.get(pk=pk)
    if request.GET or order.referrer:
        return JsonResponse({"name": order.referrer.get_username()})
    return JsonResponse({})


def asks_twice(request):
    orders = Order.objects.all()
    return render(request, "shop/asks_twice.html", {"orders": orders})


def context_of_a_dict(request):
    more = {"title": "shop"}
    products = Product.objects.all()
    context = dict(more, products=products)
    return render(request, "shop/page.html", context)


def rows_made_a_dict(request):
    return JsonResponse(dict(Product.objects.values_list("name", "price")))


def model_by_name(request):
    return JsonResponse({"orders": apps.get_model("shop", "Order").objects.count()})


def model_by_label(request):
    model = apps.get_model("shop.Product")
    return JsonResponse({"products": model.objects.count()})


def model_by_request(request):
    model = apps.get_model("shop", request.GET["model"])
    return JsonResponse({"many": model.objects.count()})


def never_together(request):
    if not request.GET and settings.SHOP_CLOSED:
        return JsonResponse({"orders": Order.objects.count()})
    return JsonResponse({"users": get_user_model().objects.count()})


def one_of_a_value(request):
    if request.GET.get("a") and settings.SHOP_NAME:
        return JsonResponse({"orders": Order.objects.count()})
    return JsonResponse({})


class QuietBackend(BaseEmailBackend):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.quiet = True


def letter(request):
    message = EmailMessage("a", "b", connection=QuietBackend())
    message.attach_file("terms.txt")
    message.send()
    return JsonResponse({})


class BackOffice(admin.AdminSite):
    def each_context(self, request):
        return {**super().each_context(request), "title": "Back office"}


back_office = BackOffice(name="back-office")


def like_the_admin(request):
    return render(request, "shop/plain.html", back_office.each_context(request))

"""What rendering runs."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from ..models import Order, Product, Review


def evaluates(request, pk):
    products = Product.objects.all()
    orders = Order.objects.filter(user=pk)
    reviews = Review.objects.filter(product=pk)
    unused = Product.objects.all()
    context = {"products": products, "orders": orders, "reviews": reviews, "unused": unused}
    return render(request, "shop/page.html", context)


@login_required
def walks(request):
    return render(request, "shop/walks.html", {"reviews": Review.objects.all()[:5]})


def mail_text(request, pk):
    order = Order.objects.get(pk=pk)
    return HttpResponse(render_to_string("shop/receipt.txt", {"order": order}))


def missing(request):
    return render(request, "shop/missing.html", {})


def broken(request):
    return render(request, "shop/broken.html", {})


def unknown_name(request):
    return render(request, request.GET["name"], {})


def open_context(request):
    return render(request, "shop/receipt.txt", {**request.GET})


def tags(request):
    products = Product.objects.all()
    return render(request, "shop/tags.html", {"products": products})

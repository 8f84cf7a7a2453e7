from django.contrib.auth import get_user_model
from django.db.models import Sum
from django.http import JsonResponse
from django.shortcuts import render

from .models import Category, Order, OrderItem, Payment, Product, Review

User = get_user_model()


def product_detail(request, product_id=1):
    # The numbers
    context = {
        'version': 1,
        'category_count': Category.objects.filter(name="x").count() - 1,
        'product_count': Product.objects.count(),
        'users': User.objects.all().count(),
        'total': Payment.objects.aggregate(total=Sum("amount"))["total"] or 0,
        'reviews': Review.objects.exclude(text="").count(),
    }

    return render(request, 'product.html', context)


def user_dashboard(request):
    orders = Order.objects.count()
    return JsonResponse({"orders": orders, "items": OrderItem.objects.count(), "int": int(Product.objects.count()), "late": Review.objects.count()})


def guard_first(request, pk):
    return JsonResponse({
        "first": Order.objects.get(pk=pk),
        "items": OrderItem.objects.count(),
        "payments": Payment.objects.count(),
    })


def guard_last(request, pk):
    products = Product.objects.all()
    return render(request, "product.html", {
        "related": products,
        "class": OrderItem.objects.count(),
        "max": Payment.objects.filter(
            order__pk=pk,
        ).count(),
        "first": Order.objects.get(pk=pk),
    })


def noisy(request):
    return JsonResponse({
        "a": OrderItem.objects.filter(pk=request.GET["pk"]).count(),
        "b": Payment.objects.filter(pk=request.GET["b"]).count(),
        "c": str(request.GET["c"]),
        "d": Payment.objects.count(),
    })


def helper():
    return {"a": OrderItem.objects.count(), "b": Payment.objects.count() if Order.objects.exists() else 0}


def by_helper(request):
    return JsonResponse(dict(helper(), other=Review.objects.count(), third=Product.objects.count()))

from django.contrib.auth import get_user_model
from django.db.models import Sum
from django.http import JsonResponse
from django_unblock import arender, gather

from .models import Category, Order, OrderItem, Payment, Product, Review

User = get_user_model()


async def product_detail(request, product_id=1):
    # category_count, product_count, users, total and reviews do not depend on each other: they run at the same time.
    category_count, product_count, users, total, reviews = await gather(
        Category.objects.filter(name="x").acount(),
        Product.objects.acount(),
        User.objects.all().acount(),
        Payment.objects.aaggregate(total=Sum("amount")),
        Review.objects.exclude(text="").acount(),
    )
    # The numbers
    context = {
        'version': 1,
        'category_count': category_count - 1,
        'product_count': product_count,
        'users': users,
        'total': total["total"] or 0,
        'reviews': reviews,
    }

    return await arender(request, 'product.html', context)


async def user_dashboard(request):
    # orders, items and product_count do not depend on each other: they run at the same time.
    orders, items, product_count = await gather(
        Order.objects.acount(),
        OrderItem.objects.acount(),
        Product.objects.acount(),
    )
    return JsonResponse({"orders": orders, "items": items, "int": int(product_count), "late": await Review.objects.acount()})


def guard_first(request, pk):
    return JsonResponse({
        "first": Order.objects.get(pk=pk),
        "items": OrderItem.objects.count(),
        "payments": Payment.objects.count(),
    })


async def guard_last(request, pk):
    products = Product.objects.all()
    # orderitem_count, payment_count and first do not depend on each other: they run at the same time.
    orderitem_count, payment_count, first = await gather(
        OrderItem.objects.acount(),
        Payment.objects.filter(
            order__pk=pk,
        ).acount(),
        Order.objects.aget(pk=pk),
    )
    return await arender(request, "product.html", {
        "related": products,
        "class": orderitem_count,
        "max": payment_count,
        "first": first,
    })


async def noisy(request):
    async def read_b():
        return await Payment.objects.filter(pk=request.GET["b"]).acount()

    # a and b do not depend on each other: they run at the same time.
    a, b = await gather(OrderItem.objects.filter(pk=request.GET["pk"]).acount(), read_b())
    return JsonResponse({
        "a": a,
        "b": b,
        "c": str(request.GET["c"]),
        "d": await Payment.objects.acount(),
    })


async def helper():
    # a and order_exists do not depend on each other: they run at the same time.
    a, order_exists = await gather(OrderItem.objects.acount(), Order.objects.aexists())
    return {"a": a, "b": await Payment.objects.acount() if order_exists else 0}


async def by_helper(request):
    # helper_result, other and third do not depend on each other: they run at the same time.
    helper_result, other, third = await gather(helper(), Review.objects.acount(), Product.objects.acount())
    return JsonResponse(dict(helper_result, other=other, third=third))

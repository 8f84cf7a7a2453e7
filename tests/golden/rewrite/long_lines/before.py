from django.shortcuts import render

from .models import Order, Product


def listing(request, category):
    best = Product.objects.filter(category=category, active=True).latest("created_at")
    order = Order.objects.select_related("user", "address").get(id=1, user=request.user)
    return render(request, "listing.html", {"best": best, "order": order, "n": 1})


def detail(request, category):
    return render(request, "a/long/template/name.html", {"category": category, "u": 1})


def already_long(request, category):
    return render(request, "a/long/template/name.html", {"category": category, "the_user": request.user})


def with_comment(request, category):
    return render(request, "a/long/template/name.html", {"category": category})  # noqa: X


def nested(request):
    product = Product.objects.get(id=1)
    total = sum(Order.objects.filter(product=product).values_list("total", flat=True), 10)
    return product, total


def counted(request, category):
    done = Product.objects.filter(category=category, is_active=True, sold=True).count()
    left = Product.objects.filter(category=category, is_active=True, sold=None).count()
    rest = Order.objects.filter(
        category=category,  # of the page
    ).count()
    return done, left, rest

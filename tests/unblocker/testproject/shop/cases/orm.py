"""Querysets: what they read, and when."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.http import JsonResponse
from django.shortcuts import get_list_or_404, get_object_or_404

from ..models import Category, Order, OrderItem, Product, Review, Tag


def get(request, pk):
    product = Product.objects.get(pk=pk)
    return JsonResponse({"name": product.name})


def get_or_404(request, pk):
    product = get_object_or_404(Product.objects.available(), pk=pk)
    orders = get_list_or_404(Order, user_id=pk)
    return JsonResponse({"name": product.name, "orders": len(orders)})


def lazy(request):
    products = Product.objects.filter(price__lt=3).exclude(name="").order_by("name")[:5]
    return products


def terminals(request, pk):
    Product.objects.first()
    Product.objects.last()
    Product.objects.latest("pk")
    Product.objects.exists()
    Product.objects.aggregate(Count("pk"))
    Product.objects.in_bulk([pk])
    Product.objects.values_list("name", flat=True).count()


def writes(request, pk):
    Tag.objects.create(name="new")
    Tag.objects.get_or_create(name="new")
    Tag.objects.update_or_create(name="new")
    Tag.objects.bulk_create([Tag(name="a")])
    Tag.objects.filter(pk=pk).update(name="b")
    Tag.objects.filter(pk=pk).delete()


def joins(request, pk):
    Product.objects.filter(category=pk).count()
    Product.objects.filter(category__name="x").count()
    Product.objects.filter(category__parent__name__icontains="x").count()
    Product.objects.filter(tags__name="x").count()
    Product.objects.filter(reviews__author__email="x").count()
    Product.objects.filter(category__isnull=False, category_id=1, category__pk=1).count()
    Product.objects.order_by("category__name").values("reviews__rating").count()


def expressions(request, pk):
    Product.objects.filter(Q(category__name="x") | ~Q(tags__name="y")).count()
    Product.objects.annotate(n=Count("reviews")).filter(n__gt=1).count()
    Product.objects.filter(name=F("category__name")).count()
    reviews = Review.objects.filter(product=OuterRef("pk"))
    Product.objects.filter(Exists(reviews)).count()


def subquery(request, pk):
    cheap = Product.objects.cheap(10)
    return JsonResponse({"n": OrderItem.objects.filter(product__in=cheap).count()})


def open_lookup(request):
    return JsonResponse({"n": Product.objects.filter(**request.GET.dict()).count()})


def known_lookup(request):
    wanted = {"category__name": "x"}
    return JsonResponse({"n": Product.objects.filter(**wanted).count()})


def evaluated_by_loop(request):
    names = []
    products = Product.objects.all()
    for product in products:
        names.append(product.name)
    count = len(products)
    return JsonResponse({"names": names, "count": count})


def evaluated_by_builtins(request):
    one = list(Product.objects.all())
    two = len(Order.objects.all())
    three = bool(Tag.objects.all())
    four = sorted(Category.objects.all(), key=lambda category: category.name)
    five = [review.rating for review in Review.objects.all()]
    return JsonResponse({"all": [one, two, three, four, five]})


def evaluated_by_truth(request):
    orders = Order.objects.all()
    if orders:
        return JsonResponse({"n": orders.count()})
    return JsonResponse({})


def evaluated_by_membership(request, pk):
    return JsonResponse({"in": pk in Product.objects.values_list("pk", flat=True)})


def indexed(request):
    return JsonResponse({"name": Product.objects.order_by("pk")[0].name})


def handed_to_response(request):
    return JsonResponse({"names": list(Product.objects.values("name")), "tags": Tag.objects.all()})


def cached_result(request):
    products = Product.objects.all()
    first = list(products)
    again = list(products)
    return JsonResponse({"n": len(first) + len(again) + products.count()})


def fresh_result(request):
    products = Product.objects.all()
    first = list(products)
    return JsonResponse({"n": len(first), "cheap": products.filter(price__lt=1).count()})


def custom_methods(request):
    available = Product.objects.available()
    stock = Product.objects.cheap(5).total_stock()
    return JsonResponse({"n": available.count(), "stock": stock})


def custom_manager(request):
    reviews = Review.objects.newest()
    return JsonResponse({"authors": [review.author.username for review in reviews]})


def prefetched(request):
    products = Product.objects.prefetch_related("reviews", Prefetch("tags"))
    return JsonResponse({"n": [len(product.reviews.all()) for product in products]})


def union(request):
    both = User.objects.filter(pk=1) | User.objects.filter(orders__total__gt=1)
    return JsonResponse({"n": both.count()})


def only_some(request, pk):
    product = Product.objects.only("name").get(pk=pk)
    return JsonResponse({"name": product.name, "price": product.price})


def raw_cursor(request):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return JsonResponse({"n": cursor.fetchone()})


def saved(request, pk):
    order = Order(user=request.user, total=1)
    order.save()
    OrderItem.objects.create(order=order, product_id=pk)
    order.delete()
    return JsonResponse({})


def deleted_with_others(request, pk):
    get_user_model().objects.filter(pk=pk).delete()


def groups_changed(request, pk):
    user = get_user_model().objects.get(pk=pk)
    user.groups.add(1)
    user.user_permissions.clear()

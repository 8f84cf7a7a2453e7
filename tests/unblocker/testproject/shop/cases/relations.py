"""Attributes of model instances: which of them query."""

from django.http import JsonResponse

from ..models import LogEntry, Order, OrderItem, Product, Profile, Review


def foreign_key(request, pk):
    product = Product.objects.get(pk=pk)
    return JsonResponse({"category": product.category.name})


def foreign_key_id(request, pk):
    product = Product.objects.get(pk=pk)
    return JsonResponse({"category": product.category_id})


def foreign_key_twice(request, pk):
    product = Product.objects.get(pk=pk)
    category = product.category
    return JsonResponse({"category": category.name, "again": product.category.name})


def foreign_key_in_branch(request, pk):
    product = Product.objects.get(pk=pk)
    if pk > 3:
        name = product.category.name
    else:
        name = ""
    return JsonResponse({"name": name, "category": product.category.name})


def select_related(request, pk):
    product = Product.objects.select_related("category__parent").get(pk=pk)
    return JsonResponse({"parent": product.category.parent.name})


def chain(request, pk):
    item = OrderItem.objects.select_related("order").get(pk=pk)
    return JsonResponse({"email": item.order.user.email})


def reverse_one_to_one(request, pk):
    profile = Profile.objects.get(pk=pk)
    user = profile.user
    return JsonResponse({"phone": user.profile.phone})


def reverse_many(request, pk):
    product = Product.objects.get(pk=pk)
    return JsonResponse({"reviews": product.reviews.filter(rating=5).count()})


def back_reference(request, pk):
    product = Product.objects.get(pk=pk)
    return JsonResponse({"names": [review.product.name for review in product.reviews.all()]})


def many_to_many(request, pk):
    product = Product.objects.get(pk=pk)
    product.tags.add(1)
    product.tags.clear()
    return JsonResponse({"tags": [tag.name for tag in product.tags.all()]})


def n_plus_one(request):
    names = []
    for review in Review.objects.all()[:5]:
        names.append(review.product.name)
    return JsonResponse({"names": names})


def new_instance(request, pk):
    product = Product.objects.get(pk=pk)
    review = Review(product=product, rating=1)
    return JsonResponse({"product": review.product.name})


def properties(request, pk):
    product = Product.objects.get(pk=pk)
    return JsonResponse(
        {"cheap": product.is_cheap, "path": product.path, "rating": product.rating()}
    )


def text_of_instance(request, pk):
    review = Review.objects.get(pk=pk)
    product = Product.objects.get(pk=pk)
    return JsonResponse({"review": f"{review} of {product}"})


def generic(request, pk):
    entry = LogEntry.objects.get(pk=pk)
    return JsonResponse({"subject": str(entry.subject)})


def nullable(request, pk):
    order = Order.objects.filter(user_id=pk).first()
    return JsonResponse({"total": order.total})


def aliases(request, pk):
    product = Product.objects.get(pk=pk)
    same = product
    name = same.category.name
    return JsonResponse({"name": name, "again": product.category.name})


def file_field(request, pk):
    product = Product.objects.get(pk=pk)
    return JsonResponse({"url": product.picture.url, "text": product.picture.read()})


def rows_of_rows(request):
    orders = Order.objects.all()
    return JsonResponse(
        {"names": [[one.product.name for one in each.items.all()] for each in orders]}
    )

"""Branches, loops and the rest of the language."""

from django.http import Http404, JsonResponse

from ..models import Category, Order, Product, Tag


def transparent_steps(request, pk):
    """What may change places with I/O."""
    name = "x"
    products = Product.objects.filter(name=name)
    product = Product.objects.get(pk=pk)
    same = product.name
    lengths = [1, 2]
    both = (product, same)
    return JsonResponse({"a": [products, lengths, both]})


def opaque_steps(request, pk):
    number = int(pk)
    first = [1, 2][number]
    x, y = pk
    z = number / first
    return JsonResponse({"a": [x, y, z]})


def conditional(request, pk):
    product = Product.objects.get(pk=pk) if pk else None
    order = pk and Order.objects.get(pk=pk)
    return JsonResponse({"a": [product, order]})


def branches(request, pk):
    if pk == 1:
        found = Product.objects.get(pk=pk)
    elif pk == 2:
        found = Tag.objects.get(pk=pk)
    else:
        raise Http404
    return JsonResponse({"name": found.name})


def loops(request):
    total = 0
    best = None
    for product in Product.objects.all():
        if best is None or product.price < best.price:
            best = product
        total += product.price
        if total > 1000:
            break
    else:
        Tag.objects.count()
    while total:
        total -= Order.objects.count()
    return JsonResponse({"best": best.category.name})


def loop_forgets(request):
    names = []
    for product in Product.objects.all():
        names.append(product.category.name)
        names.append(product.category.parent_id)
    return JsonResponse({"names": names})


def exceptions(request, pk):
    try:
        product = Product.objects.get(pk=pk)
    except Product.DoesNotExist:
        product = Product.objects.create(name="x", price=1, category_id=1)
    else:
        Tag.objects.count()
    finally:
        Order.objects.count()
    return JsonResponse({"name": product.name})


def fetched_in_try(request, pk):
    product = Product.objects.get(pk=pk)
    try:
        name = product.category.name
    except Category.DoesNotExist:
        name = ""
    return JsonResponse({"name": name, "again": product.category.name})


def unicode_columns(request, pk):
    été = "ß"; product = Product.objects.get(name=été); naïve = product
    return JsonResponse({"ü": Order.objects.count(), "é": naïve.name})


def context_built_up(request):
    context = {"a": Product.objects.all()}
    context["b"] = Order.objects.all()
    context.update(c=Tag.objects.all())
    return JsonResponse({key: list(value) for key, value in context.items()})


def walrus(request, pk):
    if (product := Product.objects.filter(pk=pk).first()) is None:
        return JsonResponse({}, status=404)
    return JsonResponse({"name": product.name})


def matched(request, pk):
    match pk:
        case 1:
            n = Product.objects.count()
        case other if other > 2:
            n = Tag.objects.count()
        case _:
            n = 0
    return JsonResponse({"n": n})


def deleted(request, pk):
    found = {"a": Product.objects.get(pk=pk)}
    del found["a"]
    assert Order.objects.exists()
    return JsonResponse({})

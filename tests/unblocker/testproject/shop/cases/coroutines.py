"""Views that are asynchronous already: what an awaited call gives is known as a plain call's result is."""

import asyncio

from asgiref.sync import sync_to_async
from django.core.cache import cache
from django.http import JsonResponse
from django.shortcuts import aget_object_or_404

from ..models import Product, ProductQuerySet, Review


async def method(request, pk):
    review = await Review.objects.aget(pk=pk)
    return JsonResponse({"category": review.product.category_id})


async def function(request, pk):
    product = await aget_object_or_404(Product, pk=pk)
    return JsonResponse({"category": product.category.name})


async def later(request, pk):
    wanted = Product.objects.aget(pk=pk)
    product = await wanted
    return JsonResponse({"category": product.category.name})


async def together(request, pk):
    product, review = await asyncio.gather(
        Product.objects.aget(pk=pk), Review.objects.select_related("product").aget(pk=pk)
    )
    return JsonResponse({"category": product.category.name, "product": review.product.name})


async def task(request, pk):
    product = await asyncio.create_task(Product.objects.aget(pk=pk))
    return JsonResponse({"category": product.category.name})


async def user(request):
    visitor = await request.auser()
    return JsonResponse({"phone": visitor.profile.phone})


async def session(request):
    await request.session.aset("seen", True)
    return JsonResponse({"seen": await request.session.aget("seen")})


async def saved(request, pk):
    product = await Product.objects.aget(pk=pk)
    await product.asave()
    await product.tags.aclear()
    return JsonResponse({})


async def loop(request):
    return JsonResponse({"all": [one.name async for one in Product.objects.all()]})


async def cached(request):
    await cache.aset("seen", await cache.aget("count"))
    return JsonResponse({})


@sync_to_async
def _newest():
    return Product.objects.last()


async def _helper(pk):
    return await Product.objects.aget(pk=pk)


async def helper(request, pk):
    product = await _helper(pk)
    return JsonResponse({"category": product.category.name})


async def in_thread(request):
    product = await _newest()
    return JsonResponse({"category": product.category.name})


async def read_in_thread(request):
    products = Product.objects.all()
    names = await sync_to_async(list)(products)
    count = await asyncio.to_thread(Review.objects.count)
    first = await sync_to_async(lambda: Product.objects.first())()
    return JsonResponse(
        {"names": [one.name for one in names], "n": count, "c": first.category.name}
    )


async def decorated_inside(request):
    @sync_to_async
    def count():
        return Product.objects.count()

    return JsonResponse({"n": await count()})


def _read():
    products = Product.objects.all()
    len(products)
    return products


def read_by_helper(request):
    return JsonResponse({"all": [one.name for one in _read()]})


def made_by_its_class(request):
    return JsonResponse({"n": ProductQuerySet(Product, using="default").available().count()})

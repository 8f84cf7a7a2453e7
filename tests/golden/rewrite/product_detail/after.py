from django.shortcuts import aget_object_or_404
from django_unblock import arender, load

from .models import Product, Review


async def product_detail(request, product_id):
    product = await aget_object_or_404(Product, id=product_id)
    reviews = Review.objects.filter(product=product)[:5]
    related = Product.objects.filter(category=product.category).exclude(id=product_id)[:4]
    # reviews and related do not depend on each other: both load at the same time.
    await load(reviews, related)
    return await arender(
        request,
        "catalog/product.html",
        {"product": product, "reviews": reviews, "related": related},
    )

from django.shortcuts import get_object_or_404, render

from .models import Product, Review


def product_detail(request, product_id):
    product = get_object_or_404(Product, id=product_id)
    reviews = Review.objects.filter(product=product)[:5]
    related = Product.objects.filter(category=product.category).exclude(id=product_id)[:4]
    return render(
        request,
        "catalog/product.html",
        {"product": product, "reviews": reviews, "related": related},
    )

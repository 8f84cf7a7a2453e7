import requests
from django.http import JsonResponse
from django_unblock import http, overlap

from .models import Product, Supplier

base = "https://suppliers.example.com"


async def price_comparison(request, product_id):
    product = await Product.objects.aget(id=product_id)
    suppliers = Supplier.objects.filter(active=True)
    prices = []

    async def ask(supplier):
        return await http.get(f"{base}/{supplier.slug}/price/{product.sku}", timeout=3)

    # Each supplier answers for itself.
    # The suppliers are asked at the same time, ten at most; the answers come in their
    # order.
    async for supplier, answer in overlap(ask, suppliers, limit=10):
        try:
            response = await answer
            response.raise_for_status()
        except requests.RequestException:
            continue
        prices.append({"supplier": supplier.name, "price": response.json()["price"]})
    return JsonResponse({"prices": prices})

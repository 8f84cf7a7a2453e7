import requests
from django.http import JsonResponse

from .models import Product, Supplier

base = "https://suppliers.example.com"


def price_comparison(request, product_id):
    product = Product.objects.get(id=product_id)
    suppliers = Supplier.objects.filter(active=True)
    prices = []
    # Each supplier answers for itself.
    for supplier in suppliers:
        try:
            response = requests.get(f"{base}/{supplier.slug}/price/{product.sku}", timeout=3)
            response.raise_for_status()
        except requests.RequestException:
            continue
        prices.append({"supplier": supplier.name, "price": response.json()["price"]})
    return JsonResponse({"prices": prices})

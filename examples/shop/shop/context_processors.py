"""What every page of the shop needs."""

from django.conf import settings


def storefront(request):
    """The name of the shop and the currency its prices are in."""
    return {"shop_name": settings.SHOP_NAME, "currency": settings.SHOP_CURRENCY}

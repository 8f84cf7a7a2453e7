import logging
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import requests
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.paginator import Paginator
from django.db.models import Avg, Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import CreateView, DeleteView, ListView, UpdateView

from .forms import CategoryForm, ReviewForm
from .models import Category, Product, Review, Supplier

logger = logging.getLogger(__name__)


@require_safe
def overview(request):
    """The shop in numbers, for everybody to see."""
    product_count = Product.objects.available().count()
    rating = Review.objects.aggregate(average=Avg("rating"), count=Count("pk"))
    best_sellers = list(Product.objects.best_sellers()[:5])
    rates = requests.get(
        settings.RATES_API_URL,
        params={"base": settings.SHOP_CURRENCY},
        timeout=settings.API_TIMEOUT,
    )
    return render(
        request,
        "catalog/overview.html",
        {
            "product_count": product_count,
            "rating": rating,
            "best_sellers": best_sellers,
            # The page is fine without them.
            "rates": rates.json()["rates"] if rates.ok else {},
        },
    )


@require_safe
def product_list(request):
    products = Product.objects.available()
    words = request.GET.get("q", "").strip()
    if words:
        products = products.search(words)
    page = Paginator(products, 24).get_page(request.GET.get("page"))
    return render(request, "catalog/product_list.html", {"page": page, "words": words})


@require_safe
def product_detail(request, product_id):
    product = get_object_or_404(Product.objects.available(), pk=product_id)
    reviews = Review.objects.filter(product=product).select_related("author").newest()[:5]
    related = (
        Product.objects.available().filter(category=product.category).exclude(pk=product_id)[:4]
    )
    return render(
        request,
        "catalog/product.html",
        {
            "product": product,
            "reviews": reviews,
            "related": related,
        },
    )


@require_POST
@login_required
def add_review(request, product_id):
    product = get_object_or_404(Product.objects.available(), pk=product_id)
    form = ReviewForm(request.POST, instance=Review(product=product, author=request.user))
    if not form.is_valid():
        return render(
            request, "catalog/review.html", {"form": form, "product": product}, status=400
        )
    form.save()
    messages.success(request, "Thank you for your review.")
    return redirect(product)


@dataclass(frozen=True)
class Quote:
    """What a supplier asks for a product."""

    supplier: Supplier
    price: Decimal


@require_safe
def price_comparison(request, product_id):
    """Ask every supplier what this product costs today; the cheapest wins."""
    product = get_object_or_404(Product.objects.available(), pk=product_id)

    quotes = []
    silent = []
    for supplier in Supplier.objects.active().order_by("name"):
        try:
            response = requests.get(
                f"{settings.SUPPLIERS_API_URL}/{supplier.slug}/price/{product.sku}",
                timeout=settings.API_TIMEOUT,
            )
            response.raise_for_status()
            price = Decimal(response.json()["price"])
        except requests.RequestException as error:
            # They are down often enough; the others will do.
            logger.warning("No quote for %s from %s: %s", product.sku, supplier.slug, error)
            silent.append(supplier)
            continue
        except (KeyError, InvalidOperation):
            logger.warning("Odd quote for %s from %s", product.sku, supplier.slug)
            silent.append(supplier)
            continue
        quotes.append(Quote(supplier, price))

    best = min(quotes, key=lambda quote: quote.price, default=None)
    return render(
        request,
        "catalog/price_comparison.html",
        {"product": product, "quotes": quotes, "silent": silent, "best": best},
        status=200 if quotes else 502,
    )


class CategoryList(ListView):
    model = Category


class CategoryCreate(PermissionRequiredMixin, CreateView):
    model = Category
    form_class = CategoryForm
    permission_required = "catalog.add_category"


class CategoryUpdate(PermissionRequiredMixin, UpdateView):
    model = Category
    form_class = CategoryForm
    permission_required = "catalog.change_category"


class CategoryDelete(PermissionRequiredMixin, DeleteView):
    model = Category
    permission_required = "catalog.delete_category"
    success_url = reverse_lazy("catalog:category-list")

import logging

import requests
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpResponseForbidden, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from catalog.models import Product

from .emails import send_order_email
from .forms import CheckoutForm
from .models import Order, OrderItem, Payment
from .stock import OutOfStock, check_stock

logger = logging.getLogger(__name__)


@login_required
@require_safe
def cart(request):
    return render(request, "orders/cart.html", {"form": CheckoutForm(user=request.user)})


@login_required
@require_POST
def checkout(request):
    """Turn the cart into an order: all of it or nothing."""
    form = CheckoutForm(request.POST, user=request.user)
    if not form.is_valid():
        return render(request, "orders/cart.html", {"form": form}, status=400)

    wanted = form.cleaned_data["cart"]
    if not wanted:
        messages.warning(request, "Your cart is empty.")
        return redirect("orders:cart")

    try:
        with transaction.atomic():
            # Locked in one order, or two customers with the same articles could deadlock.
            products = list(
                Product.objects.available()
                .select_for_update()
                .filter(sku__in=wanted)
                .order_by("pk")
            )
            check_stock(products, wanted)
            order = Order.objects.create(
                user=request.user,
                shipping_address=form.cleaned_data["address"],
                total=sum(product.price * wanted[product.sku] for product in products),
            )
            OrderItem.objects.bulk_create(
                OrderItem(
                    order=order,
                    product=product,
                    quantity=wanted[product.sku],
                    unit_price=product.price,
                )
                for product in products
            )
            Payment.objects.create(order=order, amount=order.total)
            for product in products:
                product.stock -= wanted[product.sku]
                product.units_sold += wanted[product.sku]
            Product.objects.bulk_update(products, ["stock", "units_sold"])
            transaction.on_commit(
                lambda: send_mail(
                    f"Pick {order.number}",
                    "\n".join(f"{quantity} x {sku}" for sku, quantity in wanted.items()),
                    None,
                    [settings.WAREHOUSE_EMAIL],
                )
            )
    except OutOfStock as error:
        return render(request, "orders/out_of_stock.html", {"skus": error.skus}, status=409)

    messages.success(request, f"Thank you for your order {order.number}.")
    return redirect(order)


def order_confirmation(request, order_id):
    if not request.user.is_authenticated:
        return redirect("login")

    order = get_object_or_404(Order.objects.select_related("user", "shipping_address"), pk=order_id)
    if order.user != request.user:
        return HttpResponseForbidden("This is somebody else's order.")

    items = OrderItem.objects.filter(order=order).select_related("product")
    payment = Payment.objects.get(order=order)

    # Customers expect it when they land here, so also after a reload.
    send_order_email(order, request.user.email)

    # fmt: off
    return render(request, "orders/order_confirm.html", {
        "order":   order,
        "items":   items,
        "payment": payment,
    })
    # fmt: on


@login_required
@require_safe
def order_tracking(request, order_id):
    """Where the parcel is, from the carrier's API."""
    order = get_object_or_404(Order, pk=order_id, user=request.user)
    if order.status != Order.Status.SHIPPED:
        return JsonResponse({"order": order.number, "status": order.status, "events": []})

    articles = order.items.count()
    try:
        response = requests.get(
            f"{settings.SHIPPING_API_URL}/parcels/{order.number}", timeout=settings.API_TIMEOUT
        )
        response.raise_for_status()
        events = response.json()["events"]
    except requests.RequestException as error:
        logger.error("The carrier does not answer for %s: %s", order.number, error)
        return JsonResponse({"error": "The carrier does not answer."}, status=502)

    return JsonResponse(
        {
            "order": order.number,
            "status": order.status,
            "articles": articles,
            "delivered": bool(events) and events[-1]["event"] == "delivered",
            "events": events,
        }
    )

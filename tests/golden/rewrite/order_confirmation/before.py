import logging

from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpResponseForbidden
from django.shortcuts import redirect, render

from .models import Order, OrderItem, Payment

logger = logging.getLogger(__name__)


def send_order_email(order, email):
    """Tell the customer."""
    subject = f"Order {order.id}"
    send_mail(
        subject,
        "Thank you.",
        settings.DEFAULT_FROM_EMAIL,
        [email],
    )
    logger.info("sent %s", order.id)


def order_confirmation(request, order_id):
    if not request.user.is_authenticated:
        return redirect("login")
    order = Order.objects.select_related("user", "shipping_address").get(id=order_id)
    if order.user != request.user:
        return HttpResponseForbidden()
    items = OrderItem.objects.filter(order=order).select_related("product")
    # The payment may be missing.
    payment = Payment.objects.get(order=order)
    send_order_email(order, request.user.email)
    return render(request, "order.html", {"order": order, "items": items, "paid": payment})

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpResponseForbidden
from django.shortcuts import redirect
from django_unblock import arender, background, gather, load

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


async def asend_order_email(order, email):
    """Tell the customer."""
    subject = f"Order {order.id}"
    background(
        send_mail,
        subject,
        "Thank you.",
        settings.DEFAULT_FROM_EMAIL,
        [email],
    )
    logger.info("sent %s", order.id)


async def order_confirmation(request, order_id):
    if not request.user.is_authenticated:
        return redirect("login")
    order = await Order.objects.select_related("user", "shipping_address").aget(
        id=order_id
    )
    if order.user != request.user:
        return HttpResponseForbidden()
    items = OrderItem.objects.filter(order=order).select_related("product")
    # payment and items do not depend on each other: they run at the same time.
    payment, _ = await gather(
        # The payment may be missing.
        Payment.objects.aget(order=order),
        load(items),
    )
    await asend_order_email(order, request.user.email)
    return await arender(request, "order.html", {"order": order, "items": items, "paid": payment})

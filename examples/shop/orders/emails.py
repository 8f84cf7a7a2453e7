"""Mail about orders."""

from django.core.mail import send_mail
from django.template.loader import render_to_string


def send_order_email(order, email):
    """Confirm ``order`` to its customer at ``email``."""
    body = render_to_string("orders/email/confirmation.txt", {"order": order})
    send_mail(f"Your order {order.number}", body, None, [email])

from django.core.mail import send_mail
from django_unblock import background


def send_order_email(order, email):
    background(send_mail, f"Order {order.pk}", "Thank you.", None, [email])

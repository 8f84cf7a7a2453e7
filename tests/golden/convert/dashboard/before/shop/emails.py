from django.core.mail import send_mail


def send_order_email(order, email):
    send_mail(f"Order {order.pk}", "Thank you.", None, [email])

from django.core.mail import send_mail
from django.db import transaction
from django.shortcuts import redirect

from shop.models import Cart, Order


@transaction.atomic(durable=True)
def archive(request):
    Cart.objects.all().delete()
    return redirect("done")


def checkout(request):
    cart = Cart.objects.get(user=request.user)
    with transaction.atomic():
        order = Order.objects.create(cart=cart, total=cart.total)
        cart.delete()
        transaction.on_commit(lambda: send_mail("Order", "Hi", None, [order.email]))
    with transaction.atomic(using="other"), open("log") as log, transaction.atomic():
        log.write(str(order.id))
    return redirect(order)

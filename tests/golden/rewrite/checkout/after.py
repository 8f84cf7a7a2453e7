from django.core.mail import send_mail
from django.db import transaction
from django.shortcuts import redirect
from django_unblock import aatomic, background

from shop.models import Cart, Order


@aatomic(durable=True)
async def archive(request):
    await Cart.objects.all().adelete()
    return redirect("done")


async def checkout(request):
    cart = await Cart.objects.aget(user=request.user)
    async with aatomic():
        order = await Order.objects.acreate(cart=cart, total=cart.total)
        await cart.adelete()
        transaction.on_commit(
            lambda: background(send_mail, "Order", "Hi", None, [order.email])
        )
    async with aatomic(using="other"):
        with open("log") as log, transaction.atomic():
            log.write(str(order.id))
    return redirect(order)

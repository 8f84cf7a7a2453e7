from django.http import HttpResponseForbidden, JsonResponse
from django.shortcuts import redirect
from django_unblock import arender, gather, http, load

from .emails import send_order_email
from .models import Order, OrderItem, Payment, Product, Review


async def product_detail(request, product_id):
    product = await Product.objects.aget(id=product_id)
    reviews = Review.objects.filter(product=product)[:5]
    related = Product.objects.filter(category=product.category).exclude(id=product_id)[:4]
    # reviews and related do not depend on each other: they load at the same time.
    await load(reviews, related)

    return await arender(request, 'product.html', {
        'product': product,
        'reviews': reviews,
        'related': related,
    })


async def user_dashboard(request):
    user = request.user
    profile = user.profile

    async def read_stripe_data():
        return (await http.get(
            f'https://api.stripe.com/customers/{profile.stripe_id}'
        )).json()

    async def read_analytics():
        return (await http.get(f'https://analytics.example.com/user/{user.id}')).json()

    # stripe_data and analytics do not depend on each other: they run at the same time.
    stripe_data, analytics = await gather(read_stripe_data(), read_analytics())

    return JsonResponse({
        'billing': stripe_data,
        'analytics': analytics,
    })


async def order_confirmation(request, order_id):
    if not request.user.is_authenticated:
        return redirect('login')

    order = await Order.objects.select_related('user', 'shipping_address').aget(id=order_id)

    if order.user != request.user:
        return HttpResponseForbidden()

    items = OrderItem.objects.filter(order=order).select_related('product')
    payment = await Payment.objects.aget(order=order)

    # Send confirmation email
    send_order_email(order, request.user.email)

    return await arender(request, 'order_confirm.html', {
        'order': order,
        'items': items,
        'payment': payment,
    })

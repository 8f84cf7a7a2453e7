import requests
from django.http import HttpResponseForbidden, JsonResponse
from django.shortcuts import redirect, render

from .emails import send_order_email
from .models import Order, OrderItem, Payment, Product, Review


def product_detail(request, product_id):
    product = Product.objects.get(id=product_id)
    reviews = Review.objects.filter(product=product)[:5]
    related = Product.objects.filter(category=product.category).exclude(id=product_id)[:4]

    return render(request, 'product.html', {
        'product': product,
        'reviews': reviews,
        'related': related,
    })


def user_dashboard(request):
    user = request.user
    profile = user.profile

    stripe_data = requests.get(f'https://api.stripe.com/customers/{profile.stripe_id}').json()
    analytics = requests.get(f'https://analytics.example.com/user/{user.id}').json()

    return JsonResponse({
        'billing': stripe_data,
        'analytics': analytics,
    })


def order_confirmation(request, order_id):
    if not request.user.is_authenticated:
        return redirect('login')

    order = Order.objects.select_related('user', 'shipping_address').get(id=order_id)

    if order.user != request.user:
        return HttpResponseForbidden()

    items = OrderItem.objects.filter(order=order).select_related('product')
    payment = Payment.objects.get(order=order)

    # Send confirmation email
    send_order_email(order, request.user.email)

    return render(request, 'order_confirm.html', {
        'order': order,
        'items': items,
        'payment': payment,
    })

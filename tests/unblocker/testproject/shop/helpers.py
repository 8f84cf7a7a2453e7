"""Functions that views share."""

import functools

import requests
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.core.paginator import EmptyPage, Paginator
from django.db.transaction import Atomic

from .models import Order, Product, Review

COUNTS = {}


def count_products():
    return Product.objects.count()


def count_reviews(user):
    return user.reviews.count()


def phone_of(user):
    return user.profile.phone


def fetch_rates():
    return requests.get(f"{settings.RATES_URL}/today", timeout=5).json()


def send_receipt(order, address):
    send_mail(f"Receipt {order.pk}", "Thank you", None, [address])


def check_owner(order, user):
    if order.user_id != user.pk:
        raise PermissionDenied


def find_order(order_id, user):
    order = Order.objects.get(pk=order_id)
    check_owner(order, user)
    return order


def double(number):
    return number * 2


def remember(key, value):
    COUNTS[key] = value


def remembered(key):
    return COUNTS.get(key, Product.objects.count())


def adder(number):
    def add(other):
        return number + other

    return add


def rename(product, name):
    product.name = name


def reviews_of(product):
    for review in Review.objects.filter(product=product):
        yield review.rating


def even(number):
    return number == 0 or odd(number - 1)


def odd(number):
    if number == 1:
        return Product.objects.exists()
    return even(number - 1)


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


@logged
def count_orders():
    return Order.objects.count()


class Basket:
    """Holds products; not a model."""

    def __init__(self, user):
        self.user = user
        self.orders = Order.objects.filter(user=user)

    def size(self):
        return self.orders.count()

    @property
    def newest(self):
        return self.orders.last()


def paged(rows, number):
    paginator = Paginator(rows, 10)
    try:
        return paginator.page(number)
    except EmptyPage:
        return paginator.page(1)


def ask(product, question):
    return getattr(product, question)()


class Locked(Atomic):
    def __init__(self):
        super().__init__(using=None, savepoint=True, durable=False)

    def __enter__(self):
        super().__enter__()
        Product.objects.select_for_update().first()

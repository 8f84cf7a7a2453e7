"""What a guard has settled, and what it has not."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse

from ..models import Order, Product


class Clerk:
    def __init__(self, user):
        self.user = user

    def may_see(self, order):
        return self.is_trusted() or self.user.has_perm("shop.view_order", order)

    def is_trusted(self):
        return self.user.is_staff or settings.SHOP_CLOSED

    def has_room(self, order):
        return Order.objects.count() < 10 or order.total

    def may_change(self, order):
        if self.may_see(order):
            return True
        return Product.objects.exists()

    def may_add(self, order):
        return self.has_room(order) or Product.objects.exists()

    def may_drop(self, order):
        return self.may_see(order) or Product.objects.exists()


def changed_where_seen(request, pk):
    order = Order(pk=pk)
    clerk = Clerk(request.user)
    if not clerk.may_see(order):
        raise PermissionDenied
    return JsonResponse({"change": clerk.may_change(order), "drop": clerk.may_drop(order)})


def never_changed(request, pk):
    order = Order(pk=pk)
    clerk = Clerk(request.user)
    if clerk.may_see(order) and request.GET:
        raise PermissionDenied
    return JsonResponse({"change": clerk.may_change(order)})


def another_order(request, pk):
    order, other = Order(pk=pk), Order(pk=1)
    clerk = Clerk(request.user)
    if not clerk.may_see(order):
        raise PermissionDenied
    return JsonResponse({"change": clerk.may_change(other)})


def bound_anew(request, pk):
    order = Order(pk=pk)
    clerk = Clerk(request.user)
    if not clerk.may_see(order):
        raise PermissionDenied
    order = Order(pk=1)
    return JsonResponse({"change": clerk.may_change(order)})


def changed_between(request, pk):
    order = Order(pk=pk)
    clerk = Clerk(request.user)
    if not clerk.may_see(order):
        raise PermissionDenied
    clerk.user = order.user
    return JsonResponse({"change": clerk.may_change(order)})


def goes_on(request, pk):
    order = Order(pk=pk)
    clerk = Clerk(request.user)
    if not clerk.may_see(order):
        print("not seen")
    return JsonResponse({"change": clerk.may_change(order)})


def counted_anew(request, pk):
    order = Order(pk=pk)
    clerk = Clerk(request.user)
    if not clerk.has_room(order):
        raise PermissionDenied
    return JsonResponse({"add": clerk.may_add(order)})


def of_a_way_ruled_out(request):
    products = None
    if settings.SHOP_CLOSED:
        products = Product.objects.all()
    return JsonResponse({"names": [product.name for product in products or ()]})

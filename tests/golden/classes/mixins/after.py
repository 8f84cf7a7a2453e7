"""Classes that something may answer for before their handlers."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import (
    LoginRequiredMixin,
    PermissionRequiredMixin,
    UserPassesTestMixin,
)
from django.http import JsonResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from django_unblock import gather, together

from shop.models import Order, Product, Tag


class Numbers(View):
    async def get(self, request):
        # tags, orders and products do not depend on each other: they run at the same
        # time.
        tags, orders, products = await gather(
            Tag.objects.acount(),
            Order.objects.acount(),
            Product.objects.acount(),
        )
        return JsonResponse({"tags": tags, "orders": orders, "products": products})


class OnlyUsers(LoginRequiredMixin, View):
    def get(self, request):
        # tags, orders and products do not depend on each other: they run at the same
        # time.
        tags, orders, products = together(
            Tag.objects.count,
            lambda: request.user.orders.count(),
            Product.objects.count,
        )
        return JsonResponse({"tags": tags, "orders": orders, "products": products})


class Permitted(PermissionRequiredMixin, View):
    permission_required = "shop.add_tag"
    raise_exception = True

    def get(self, request):
        # tags, orders and products do not depend on each other: they run at the same
        # time.
        tags, orders, products = together(
            Tag.objects.count,
            Order.objects.count,
            Product.objects.count,
        )
        return JsonResponse({"tags": tags, "orders": orders, "products": products})


class Tested(UserPassesTestMixin, View):
    def test_func(self):
        # tags and orders do not depend on each other: they run at the same time.
        tags, orders = together(Tag.objects.count, Order.objects.count)
        return self.request.user.is_authenticated and tags + orders

    def get(self, request):
        return JsonResponse({"products": Product.objects.count()})


@method_decorator(login_required, name="dispatch")
class Decorated(View):
    def get(self, request):
        # tags, orders and products do not depend on each other: they run at the same
        # time.
        tags, orders, products = together(
            Tag.objects.count,
            Order.objects.count,
            Product.objects.count,
        )
        return JsonResponse({"tags": tags, "orders": orders, "products": products})


class Refusing(View):
    def http_method_not_allowed(self, request, *args, **kwargs):
        return JsonResponse({"not": request.method}, status=405)

    def get(self, request):
        # tags, orders and products do not depend on each other: they run at the same
        # time.
        tags, orders, products = together(
            Tag.objects.count,
            Order.objects.count,
            Product.objects.count,
        )
        return JsonResponse({"tags": tags, "orders": orders, "products": products})


urlpatterns = [
    path("numbers/", Numbers.as_view()),
    path("users/", OnlyUsers.as_view()),
    path("permitted/", Permitted.as_view()),
    path("tested/", Tested.as_view()),
    path("decorated/", Decorated.as_view()),
    path("refusing/", Refusing.as_view()),
]

"""Classes of several handlers, which become asynchronous together."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import aget_object_or_404
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from django_unblock import gather

from shop.models import Order, Product, Tag


class Basket(View):
    async def get(self, request):
        # tags, orders and products do not depend on each other: they run at the same
        # time.
        tags, orders, products = await gather(
            Tag.objects.acount(),
            Order.objects.acount(),
            Product.objects.acount(),
        )
        return JsonResponse({"tags": tags, "orders": orders, "products": products})

    async def post(self, request):
        await Tag.objects.acreate(name=request.POST["name"])
        return HttpResponseRedirect("/basket/")

    async def put(self, request):
        return JsonResponse({"put": True})

    async def options(self, request):
        return JsonResponse({"tags": await Tag.objects.acount()})


class Helped(View):
    """Both handlers use the same helper; one answers as the other does."""

    async def get(self, request, pk):
        product = await aget_object_or_404(Product, pk=pk)
        # tags, orders and best do not depend on each other: they run at the same time.
        (tags, orders), best = await gather(
            self._numbers(),
            product.reviews.filter(rating=5).acount(),
        )
        return JsonResponse({"tags": tags, "orders": orders, "best": best})

    async def post(self, request, pk):
        return await self.get(request, pk)

    async def _numbers(self):
        # tags and orders do not depend on each other: they run at the same time.
        tags, orders = await gather(Tag.objects.acount(), Order.objects.acount())
        return tags, orders


class Inheriting(Basket):
    """Shares a handler, and goes on in another."""

    async def post(self, request):
        response = await super().post(request)
        response["X-Tags"] = str(await Tag.objects.acount())
        return response


class Guarded(View):
    @method_decorator(login_required)
    async def get(self, request):
        # tags, orders and products do not depend on each other: they run at the same
        # time.
        tags, orders, products = await gather(
            Tag.objects.acount(),
            request.user.orders.acount(),
            Product.objects.acount(),
        )
        return JsonResponse({"tags": tags, "orders": orders, "products": products})

    async def post(self, request):
        return JsonResponse({}, status=403)


urlpatterns = [
    path("basket/", Basket.as_view()),
    path("helped/<int:pk>/", Helped.as_view()),
    path("inheriting/", Inheriting.as_view()),
    path("guarded/", Guarded.as_view()),
]

"""Classes of several handlers, which become asynchronous together."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View

from shop.models import Order, Product, Tag


class Basket(View):
    def get(self, request):
        tags = Tag.objects.count()
        orders = Order.objects.count()
        products = Product.objects.count()
        return JsonResponse({"tags": tags, "orders": orders, "products": products})

    def post(self, request):
        Tag.objects.create(name=request.POST["name"])
        return HttpResponseRedirect("/basket/")

    def put(self, request):
        return JsonResponse({"put": True})

    def options(self, request):
        return JsonResponse({"tags": Tag.objects.count()})


class Helped(View):
    """Both handlers use the same helper; one answers as the other does."""

    def get(self, request, pk):
        product = get_object_or_404(Product, pk=pk)
        tags, orders = self._numbers()
        best = product.reviews.filter(rating=5).count()
        return JsonResponse({"tags": tags, "orders": orders, "best": best})

    def post(self, request, pk):
        return self.get(request, pk)

    def _numbers(self):
        tags = Tag.objects.count()
        orders = Order.objects.count()
        return tags, orders


class Inheriting(Basket):
    """Shares a handler, and goes on in another."""

    def post(self, request):
        response = super().post(request)
        response["X-Tags"] = str(Tag.objects.count())
        return response


class Guarded(View):
    @method_decorator(login_required)
    def get(self, request):
        tags = Tag.objects.count()
        orders = request.user.orders.count()
        products = Product.objects.count()
        return JsonResponse({"tags": tags, "orders": orders, "products": products})

    def post(self, request):
        return JsonResponse({}, status=403)


urlpatterns = [
    path("basket/", Basket.as_view()),
    path("helped/<int:pk>/", Helped.as_view()),
    path("inheriting/", Inheriting.as_view()),
    path("guarded/", Guarded.as_view()),
]

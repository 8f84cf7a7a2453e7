from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.generic import ListView

from .models import Order, Product


class Numbers(View):
    def get(self, request):
        return JsonResponse({"products": self.count(), "orders": Order.objects.count()})

    @method_decorator(login_required)
    def post(self, request):
        return JsonResponse({"name": self.request.user.profile.phone})

    def count(self):
        return Product.objects.count()


class Products(ListView):
    model = Product

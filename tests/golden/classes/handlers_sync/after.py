"""Classes whose handlers must stay synchronous; what is independent in them overlaps."""

from django.db import transaction
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views import View
from django.views.generic import RedirectView, TemplateView
from django_unblock import together

from shop.decorators import audited
from shop.models import Category, Order, Product, Tag


class Numbers(View):
    def get(self, request):
        # tags, orders and products do not depend on each other: they run at the same
        # time.
        tags, orders, products = together(
            Tag.objects.count,
            Order.objects.count,
            Product.objects.count,
        )
        return JsonResponse({"tags": tags, "orders": orders, "products": products})


class Locked(Numbers):
    """Its own handler stays, so the one that it inherits must stay as well."""

    @transaction.atomic
    def post(self, request):
        tag = Tag.objects.select_for_update().order_by("pk").first()
        tag.name = request.POST["name"]
        tag.save()
        return HttpResponseRedirect("/numbers/")


class Prepared(View):
    def dispatch(self, request, *args, **kwargs):
        self.category = get_object_or_404(Category, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, pk):
        tags = Tag.objects.count()
        return JsonResponse({"category": self.category.name, "tags": tags})

    def post(self, request, pk):
        return JsonResponse({"orders": Order.objects.count()})


class SetUp(View):
    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.tags = Tag.objects.count()

    def get(self, request):
        return JsonResponse({"tags": self.tags, "orders": Order.objects.count()})

    def post(self, request):
        return JsonResponse({"tags": self.tags, "products": Product.objects.count()})


class HalfGeneric(TemplateView):
    template_name = "shop/page.html"

    def post(self, request):
        # tags, orders and products do not depend on each other: they run at the same
        # time.
        tags, orders, products = together(
            Tag.objects.count,
            Order.objects.count,
            Product.objects.count,
        )
        return JsonResponse({"tags": tags, "orders": orders, "products": products})


class HalfRedirect(RedirectView):
    url = "/elsewhere/"

    def post(self, request):
        # tags, orders and products do not depend on each other: they run at the same
        # time.
        tags, orders, products = together(
            Tag.objects.count,
            Order.objects.count,
            Product.objects.count,
        )
        return JsonResponse({"tags": tags, "orders": orders, "products": products})


class Wrapped(View):
    def get(self, request):
        # tags, orders and products do not depend on each other: they run at the same
        # time.
        tags, orders, products = together(
            Tag.objects.count,
            Order.objects.count,
            Product.objects.count,
        )
        return JsonResponse({"tags": tags, "orders": orders, "products": products})

    def post(self, request):
        Tag.objects.create(name=request.POST["name"])
        return HttpResponseRedirect("/wrapped/")


class Base(View):
    def get(self, request):
        tags = Tag.objects.count()
        products = Product.objects.count()
        return JsonResponse({"tags": tags, "products": products, "more": self.more(tags)})

    def more(self, tags):
        return 0


class One(Base):
    def more(self, tags):
        return Order.objects.filter(total__lt=tags).count()


class Other(Base):
    def more(self, tags):
        found = Product.objects.filter(pk__lte=tags).first()
        return Tag.objects.filter(name=found.name).count()


urlpatterns = [
    path("numbers/", Numbers.as_view()),
    path("locked/", Locked.as_view()),
    path("prepared/<int:pk>/", Prepared.as_view()),
    path("setup/", SetUp.as_view()),
    path("half/", HalfGeneric.as_view()),
    path("redirect/", HalfRedirect.as_view()),
    path("wrapped/", audited(Wrapped.as_view())),
    path("one/", One.as_view()),
    path("other/", Other.as_view()),
]

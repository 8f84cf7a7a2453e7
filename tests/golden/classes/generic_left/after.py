"""Generic views whose hooks do things one after the other for a reason."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import path
from django.utils.functional import cached_property
from django.views.generic import DetailView, ListView, TemplateView

from shop.models import Category, Order, Product, Review, Tag

SEEN = []


class SetsItself(TemplateView):
    template_name = "shop/page.html"

    def get_context_data(self, **kwargs):
        tags = self.tags()
        orders = Order.objects.filter(total__lt=self.limit).count()
        return super().get_context_data(tags=tags, orders=orders, **kwargs)

    def tags(self):
        self.limit = Tag.objects.count()
        return self.limit


class ReadOnce(DetailView):
    model = Product
    template_name = "shop/page.html"

    @cached_property
    def category(self):
        return Category.objects.get(pk=self.object.category_id)

    def get_context_data(self, **kwargs):
        best = Product.objects.filter(category=self.category).count()
        tags = Product.objects.exclude(category=self.category).count()
        return super().get_context_data(best=best, tags=tags, **kwargs)


class Guarded(TemplateView):
    template_name = "shop/page.html"

    def get_context_data(self, **kwargs):
        self.check()
        tags = Tag.objects.count()
        if not tags:
            return {}
        return super().get_context_data(orders=Order.objects.count(), **kwargs)

    def check(self):
        if Order.objects.filter(total__gt=100).exists():
            raise PermissionDenied


class Written(ListView):
    model = Tag
    ordering = "pk"
    template_name = "shop/page.html"

    def get_context_data(self, **kwargs):
        orders = Order.objects.count()
        Tag.objects.create(name=f"seen {orders}")
        tags = Tag.objects.count()
        return super().get_context_data(tags=tags, orders=orders, **kwargs)


class Noted(TemplateView):
    template_name = "shop/page.html"

    def get_context_data(self, **kwargs):
        tags = Tag.objects.count()
        SEEN.append(tags)
        orders = Order.objects.count()
        SEEN.append(orders)
        reviews = Review.objects.count()
        return super().get_context_data(tags=tags, orders=orders, reviews=reviews, **kwargs)


class Together(TemplateView):
    template_name = "shop/page.html"

    @transaction.atomic
    def get_context_data(self, **kwargs):
        tags = Tag.objects.count()
        orders = Order.objects.count()
        reviews = Review.objects.count()
        return super().get_context_data(tags=tags, orders=orders, reviews=reviews, **kwargs)


class Local(TemplateView):
    template_name = "shop/page.html"

    def get_context_data(self, **kwargs):
        tags = Tag.objects.count()
        orders = Order.objects.count()
        reviews = Review.objects.count()
        return super().get_context_data(shown=dict.fromkeys(sorted(locals()), ""), **kwargs)


urlpatterns = [
    path("itself/", SetsItself.as_view()),
    path("once/<int:pk>/", ReadOnce.as_view()),
    path("guarded/", Guarded.as_view()),
    path("written/", Written.as_view()),
    path("noted/", Noted.as_view()),
    path("together/", Together.as_view()),
    path("local/", Local.as_view()),
]

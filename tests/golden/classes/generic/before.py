"""Generic views: what overlaps is inside the hooks."""

from django.db.models import Count
from django.urls import path
from django.views.generic import CreateView, DetailView, FormView, ListView, TemplateView
from django import forms

from shop.models import Category, Order, Product, Review, Tag


class Dashboard(TemplateView):
    template_name = "shop/page.html"

    def get_context_data(self, **kwargs):
        tags = Tag.objects.count()
        orders = Order.objects.count()
        reviews = Review.objects.filter(rating=5).count()
        return super().get_context_data(tags=tags, orders=orders, reviews=reviews, **kwargs)


class Counting:
    """A mixin whose hook does I/O, too."""

    def get_context_data(self, **kwargs):
        # How many there are.
        tags, orders = self.numbers()
        best = Review.objects.filter(rating=5).count()  # the best
        return super().get_context_data(tags=tags, orders=orders, best=best, **kwargs)

    def numbers(self):
        tags = Tag.objects.count()
        orders = Order.objects.count()
        return tags, orders


class Products(Counting, ListView):
    model = Product
    ordering = "pk"
    template_name = "shop/page.html"


class OneProduct(DetailView):
    model = Product
    template_name = "shop/page.html"

    def get_context_data(self, **kwargs):
        reviews = Review.objects.filter(product=self.object)
        best = reviews.filter(rating=5).count()
        others = list(
            Product.objects.filter(category=self.object.category_id)
            .exclude(pk=self.object.pk)
            .annotate(times=Count("reviews"))
            .order_by("pk")
        )
        return super().get_context_data(best=best, others=others, **kwargs)


class NewTag(CreateView):
    model = Tag
    fields = ["name"]
    template_name = "shop/page.html"

    def form_valid(self, form):
        orders = Order.objects.count()
        products = Product.objects.count()
        form.instance.name = f"{form.instance.name} {orders} {products}"
        return super().form_valid(form)


class RatingForm(forms.Form):
    rating = forms.IntegerField()


class Rate(FormView):
    form_class = RatingForm
    template_name = "shop/page.html"
    success_url = "/done/"

    def get_initial(self):
        best = Review.objects.filter(rating=5).count()
        products = Product.objects.count()
        categories = Category.objects.count()
        return {"rating": best + products + categories}


urlpatterns = [
    path("dashboard/", Dashboard.as_view()),
    path("products/", Products.as_view()),
    path("product/<int:pk>/", OneProduct.as_view()),
    path("tag/", NewTag.as_view()),
    path("rate/", Rate.as_view()),
]

"""Class-based views whose work is done by what they inherit."""

import functools

from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import (
    LoginRequiredMixin,
    PermissionRequiredMixin,
    UserPassesTestMixin,
)
from django.contrib.auth.views import LoginView
from django.http import JsonResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views import View
from django.views.decorators.cache import cache_page, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import (
    CreateView,
    DeleteView,
    DetailView,
    FormView,
    ListView,
    RedirectView,
    TemplateView,
    UpdateView,
)
from django.views.generic.dates import MonthArchiveView

from .forms import ReviewForm, SearchForm
from .models import Category, Event, Order, Product, Review, Tag


class Tags(ListView):
    model = Tag


class Chosen(ListView):
    queryset = Product.objects.select_related("category")
    template_name = "shop/product_lines.html"
    context_object_name = "lines"


class Walked(ListView):
    model = Product
    template_name = "shop/product_lines.html"
    context_object_name = "lines"


class Paged(ListView):
    model = Product
    paginate_by = 10
    template_name = "shop/paged.html"


class Mine(LoginRequiredMixin, ListView):
    template_name = "shop/plain.html"

    def get_queryset(self):
        return Order.objects.filter(user=self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["count"] = self.object_list.count()
        context["tags"] = list(Tag.objects.all())
        return context


class Cheap(ListView):
    model = Product
    template_name = "shop/plain.html"

    def get_queryset(self):
        return super().get_queryset().filter(category__name="cheap")


class OneReview(DetailView):
    model = Review
    template_name = "shop/review.html"


class OneOrder(DetailView):
    model = Order
    template_name = "shop/plain.html"

    def get_object(self, queryset=None):
        order = super().get_object(queryset)
        order.referrer.get_username()
        return order


class NewCategory(CreateView):
    model = Category
    fields = ["name", "parent"]
    template_name = "shop/form.html"
    success_url = reverse_lazy("shop:list")


class ChangeReview(PermissionRequiredMixin, UpdateView):
    model = Review
    form_class = ReviewForm
    template_name = "shop/form.html"
    permission_required = "shop.change_review"
    success_url = "/"

    def form_valid(self, form):
        Tag.objects.update(name="changed")
        return super().form_valid(form)


class RemoveTag(DeleteView):
    model = Tag
    template_name = "shop/plain.html"
    success_url = "/"


class Search(FormView):
    form_class = SearchForm
    template_name = "shop/form.html"
    success_url = "/"


class Front(TemplateView):
    template_name = "shop/plain.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(products=Product.objects.count(), **kwargs)


class Static(TemplateView):
    template_name = "shop/plain.html"


class Away(RedirectView):
    def get_redirect_url(self, *args, **kwargs):
        return f"/{Tag.objects.get(pk=kwargs['pk']).name}"


class ByMonth(MonthArchiveView):
    model = Event
    date_field = "day"
    template_name = "shop/plain.html"


class Tested(UserPassesTestMixin, View):
    def test_func(self):
        return self.request.user.profile.phone == "1"

    def get(self, request):
        return JsonResponse({"user": request.user.pk, "tags": Tag.objects.count()})


class OnlyUsers(LoginRequiredMixin, View):
    def get(self, request):
        return JsonResponse({"tags": Tag.objects.count(), "orders": request.user.orders.count()})


@method_decorator([never_cache, cache_page(60)], name="dispatch")
@method_decorator(login_required, name="get")
class Decorated(TemplateView):
    template_name = "shop/plain.html"

    @method_decorator(csrf_exempt)
    def dispatch(self, request, *args, **kwargs):
        return super().dispatch(request, *args, **kwargs)


class Straight(View):
    """Answers by itself, whatever the method."""

    def dispatch(self, request, *args, **kwargs):
        names = [request.user.username for tag in Tag.objects.all()]
        return JsonResponse({"names": names})


class Watched(ListView):
    model = Tag
    template_name = "shop/plain.html"

    def dispatch(self, request, *args, **kwargs):
        Order.objects.create(user=request.user)
        return super().dispatch(request, *args, **kwargs)


class Prepared(TemplateView):
    template_name = "shop/plain.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.category = Category.objects.get(pk=kwargs["pk"])

    def get_context_data(self, **kwargs):
        return super().get_context_data(parent=self.category.parent.name, **kwargs)


class Enter(LoginView):
    template_name = "shop/form.html"


class Counting:
    """A mixin of the project's."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(total=Review.objects.count(), **kwargs)


class Counted(Counting, Tags):
    template_name = "shop/plain.html"


class Given(TemplateView):
    """What it shows is told by the URLconf."""


def answer(self, request):
    return JsonResponse({"tags": Tag.objects.count()})


Made = type("Made", (View,), {"get": answer, "__module__": __name__})


class Refusing(View):
    def http_method_not_allowed(self, request, *args, **kwargs):
        return JsonResponse({}, status=405)

    def get(self, request):
        return JsonResponse({"tags": Tag.objects.count()})


class Cached(DetailView):
    model = Product
    template_name = "shop/plain.html"

    @cached_property
    def category(self):
        return Category.objects.get(pk=self.object.category_id)

    @cached_property
    def label(self):
        return self.kwargs["pk"] + 1

    def get_context_data(self, **kwargs):
        first = Tag.objects.filter(name=self.category.name).count()
        second = Tag.objects.exclude(name=self.category.name).count()
        third = self.again()
        label = Tag.objects.filter(pk=self.label).count()
        other = Tag.objects.exclude(pk=self.label).count()
        return super().get_context_data(all=(first, second, third, label, other), **kwargs)

    def again(self):
        return Order.objects.filter(pk=self.category.pk).count()


class Quiet(View):
    async def get(self, request):
        return JsonResponse({"tags": await Tag.objects.acount()})


def labelled(label):
    return functools.partial(Static.as_view, extra_context={"label": label})

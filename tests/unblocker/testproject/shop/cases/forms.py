"""Forms and pages."""

from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import redirect, render

from ..forms import PlainForm, ReviewForm, SearchForm, TagForm
from ..models import Product


def plain(request):
    form = PlainForm(request.POST)
    if form.is_valid():
        return JsonResponse({"words": form.cleaned_data["words"]})
    return JsonResponse(form.errors)


def choices(request):
    form = SearchForm(request.GET)
    return JsonResponse({"valid": form.is_valid()})


def unique(request):
    form = TagForm(request.POST)
    if form.is_valid():
        tag = form.save()
        return redirect(f"/tags/{tag.pk}/")
    return JsonResponse({})


def instance(request, pk):
    product = Product.objects.get(pk=pk)
    form = ReviewForm(request.POST)
    form.instance.product = product
    review = form.save(commit=False)
    review.save()
    return JsonResponse({})


def shown(request):
    return render(request, "shop/form.html", {"form": SearchForm()})


def paged(request):
    page = Paginator(Product.objects.order_by("pk"), 10).get_page(request.GET.get("page"))
    return JsonResponse({"names": [product.name for product in page], "n": page.paginator.count})

"""Forms and pages."""

from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import redirect, render

from ..forms import ItemForm, NarrowForm, PlainForm, ProductForm, ReviewForm, SearchForm, TagForm
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


def edits(request, pk):
    product = Product.objects.get(pk=pk)
    form = ProductForm(request.POST, request.FILES, instance=product)
    if form.is_valid():
        product = form.save()
        return redirect(f"/categories/{product.category.name}/")
    return JsonResponse({})


def saves_in_two_steps(request):
    form = ProductForm(request.POST)
    product = form.save(commit=False)
    product.save()
    form.save_m2m()
    return JsonResponse({"category": product.category.name})


def logs_in(request):
    return JsonResponse({"ok": AuthenticationForm(request, request.POST).is_valid()})


def one_field(request):
    return render(request, "shop/field.html", {"form": SearchForm(request.GET)})


def narrowed(request):
    form = NarrowForm(request.POST)
    return JsonResponse({"ok": form.is_valid()})


def no_field(request):
    return render(request, "shop/no_field.html", {"form": SearchForm(request.GET)})


def shown_rows(request):
    return render(request, "shop/rows.html", {"form": ItemForm()})


def sets_password(request):
    form = SetPasswordForm(request.user, request.POST)
    form.save()
    return JsonResponse({})

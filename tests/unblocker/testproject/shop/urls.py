from functools import partial
from inspect import isfunction

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.urls import include, path
from django.views.decorators.cache import never_cache
from django.views.generic import ListView, TemplateView
from django.views.generic import View as DjangoView
from rest_framework.routers import SimpleRouter

from . import class_views, generic_views, models, odd_views, rest_views
from .cases import (
    coroutines,
    early,
    effects,
    flow,
    forms,
    functions,
    guarded,
    http,
    orm,
    reached,
    relations,
    templates,
    traps,
)

CASES = (
    coroutines, early, effects, flow, forms, functions, guarded, http, orm, reached, relations, templates, traps,
)  # fmt: skip


def views_of(module):
    for name, view in list(vars(module).items()):
        if isfunction(view) and view.__module__ == module.__name__:
            yield path(f"{module.__name__.rpartition('.')[2]}/{name}/", view, name=name)


def classes_of(module):
    for name, view in list(vars(module).items()):
        if (
            isinstance(view, type)
            and issubclass(view, DjangoView)
            and view.__module__ == module.__name__
            and not hasattr(view, "get_extra_actions")
        ):
            yield path(f"generic/{name}/<int:pk>/", view.as_view(), name=f"generic-{name}")


router = SimpleRouter()
router.register("orders", rest_views.Orders)
router.register("by-action", rest_views.ByAction, basename="by-action")
router.register("categories", rest_views.Categories, basename="category")

Order, Tag = models.Order, models.Tag
app_name = "shop"
urlpatterns = [
    *(pattern for module in CASES for pattern in views_of(module)),
    path("closed/", login_required(odd_views.wrapped_in_urls), name="closed"),
    path("atomic/", transaction.atomic(odd_views.atomic_in_urls)),
    path("partial/", partial(odd_views.with_argument, flavour="sweet")),
    path("made/", odd_views.made),
    path("lambda/", lambda request: odd_views.with_argument(request, Tag.objects.exists())),
    *[path(f"one-of-two/{name}/", view) for name, view in odd_views.TWO.items()],
    path("partial/tags/", partial(odd_views.rows_of, model=Tag)),
    path("given/orders/", odd_views.counted, {"model": Order}),
    path("foreign/", odd_views.foreign),
    path("staff/", odd_views.staff),
    path("flag/on/", odd_views.flagged, {"flag": True, "name": "shop"}),
    path("flag/<flag>/", odd_views.flagged, {"name": "shop"}),
    path("instance/", odd_views.Callable()),
    path("twice/", odd_views.plain, name="first"),
    path("again/", odd_views.plain, name="second"),
    path("class/", class_views.Numbers.as_view(), name="numbers"),
    path("list/", class_views.Products.as_view(), name="list"),
    path("inner/", include(([path("deep/<int:pk>/", odd_views.deep, name="deep")], "inner"))),
    path("office/", include(([path("", odd_views.office)], "admin"))),
    path("coroutine/", odd_views.coroutine),
    *(one for one in classes_of(generic_views) if one.name != "generic-Given"),
    *classes_of(rest_views),
    path("rest/", include(router.urls)),
    path("rest/words/", rest_views.words),
    path("rest/shown/", rest_views.shown),
    path("static/wrapped/", never_cache(generic_views.Static.as_view())),
    path("given/", generic_views.Given.as_view(template_name="shop/plain.html")),
    path("tags/", ListView.as_view(model=models.Tag), name="tags"),
    path("about/", TemplateView.as_view(template_name="shop/plain.html"), name="about"),
    path(
        "terms/",
        TemplateView.as_view(template_name="shop/page.html"),
    ),
]

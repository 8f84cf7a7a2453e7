"""Which site is served."""

from unblocker.catalog.base import Entry, Example, Family

FAMILY = Family(
    name="django_sites",
    title="Sites",
    summary="The site is read once per process and then remembered; the bridge carries that one query.",
    entries=(
        Entry(
            "current",
            ("django.contrib.sites.models.SiteManager.get_current",),
            "query",
            reads=("model",),
            raises=("django.core.exceptions.ObjectDoesNotExist",),
            returns="instance",
            once=True,
            examples=(
                Example(
                    "site = get_current_site(request)\n"
                    'return JsonResponse({"site": site.name, "products": Product.objects.count()})',
                    "site = get_current_site(request)\n"
                    'return JsonResponse({"site": site.name, "products": Product.objects.count()})',
                    why="The site is in memory but for the first request.",
                ),
            ),
        ),
        Entry(
            "current_of",
            ("django.contrib.sites.shortcuts.get_current_site",),
            "query",
            reads=("site",),
            raises=("django.core.exceptions.ObjectDoesNotExist",),
        ),
    ),
)

"""Content types: which model a row of any table is of."""

from unblocker.catalog.base import Entry, Example, Family

_MANAGER = "django.contrib.contenttypes.models.ContentTypeManager"

FAMILY = Family(
    name="django_contenttypes",
    title="Content types",
    summary="A content type is read once per process and then remembered; the bridge carries that one query.",
    entries=(
        Entry(
            "of_model",
            (f"{_MANAGER}.get_for_model",),
            "query",
            reads=("model",),
            returns="instance",
            once=True,
            examples=(
                Example(
                    "kind = ContentType.objects.get_for_model(Product)\n"
                    'return JsonResponse({"kind": kind.pk, "products": Product.objects.count()})',
                    "kind = ContentType.objects.get_for_model(Product)\n"
                    'return JsonResponse({"kind": kind.pk, "products": Product.objects.count()})',
                    why="The content type is in memory but for the first request.",
                ),
            ),
        ),
        Entry(
            "by_key",
            (f"{_MANAGER}.get_for_id", f"{_MANAGER}.get_by_natural_key"),
            "query",
            reads=("model",),
            raises=("django.core.exceptions.ObjectDoesNotExist",),
            returns="instance",
        ),
        Entry(
            "of_models",
            (f"{_MANAGER}.get_for_models",),
            "query",
            reads=("model",),
            returns="mapping",
        ),
    ),
)

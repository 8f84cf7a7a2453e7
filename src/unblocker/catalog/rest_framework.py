"""Django REST framework: serializers and what its views ask before they answer."""

from unblocker.catalog.base import Entry, Example, Family

_SERIALIZER = "rest_framework.serializers.BaseSerializer"

_SAVED = (
    "serializer = TagSerializer(data=request.POST)\n"
    "serializer.is_valid(raise_exception=True)\n"
    "serializer.save()\n"
    "return JsonResponse(serializer.data)"
)

FAMILY = Family(
    name="rest_framework",
    title="Django REST framework",
    summary=(
        "Its views and serializers are synchronous. What they do is told: what a serializer's fields read for each "
        "object, what validating and saving one queries and writes. They are served by the runtime as they are."
    ),
    entries=(
        Entry(
            "validate",
            (f"{_SERIALIZER}.is_valid",),
            "query",
            reads=("form",),
            raises=("rest_framework.exceptions.ValidationError",),
            differs="Its validators query one after the other; left in its place.",
            examples=(
                Example(_SAVED, _SAVED, why="A serializer's validators and its `save()` are synchronous."),
            ),
        ),
        Entry("save", (f"{_SERIALIZER}.save",), "query", reads=("form",), writes=("form",),
              differs="Calls `create()` or `update()`; left in its place."),
        Entry("authenticate", (), "query", reads=("user",),
              differs="What the view's authentication classes read to find out who asks."),
        Entry("throttle", (), "cache", reads=("cache",), writes=("cache",),
              differs="Counts the requests of a client in the cache."),
        Entry("paginate", (), "query", reads=("model",), differs="The page's rows, behind the count."),
    ),
)  # fmt: skip

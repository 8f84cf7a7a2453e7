"""django.contrib.messages."""

from unblocker.catalog.base import Entry, Example, Family, Harmless

_MESSAGES = "django.contrib.messages"

FAMILY = Family(
    name="django_messages",
    title="Messages",
    summary="A message is kept in memory until the response; it does no I/O, but it must keep its place.",
    entries=(
        Entry(
            "get_messages",
            (f"{_MESSAGES}.get_messages",),
            "query",
            reads=("session", "messages"),
            writes=("messages",),
            examples=(
                Example(
                    'messages.success(request, "Saved.")\n'
                    'return JsonResponse({"orders": Order.objects.count()})',
                    'messages.success(request, "Saved.")\n'
                    'return JsonResponse({"orders": Order.objects.count()})',
                    why="The message is there before the query is sent; if the query fails, it must be.",
                ),
            ),
        ),
    ),
    harmless=(
        Harmless(
            tuple(
                f"{_MESSAGES}.{name}"
                for name in (
                    "add_message", "debug", "info", "success", "warning", "error", "set_level", "get_level",
                )
            ),
            effects=("messages",),
        ),
    ),
)  # fmt: skip

"""The session."""

from unblocker.catalog.base import Entry, Example, Family, Harmless

_BASE = "django.contrib.sessions.backends.base.SessionBase"

FAMILY = Family(
    name="django_sessions",
    title="Sessions",
    summary="The session is read on its first use and written after the view; the bridge carries both.",
    entries=(
        Entry(
            "load", (), "query", reads=("session",),
            differs="The first use of `request.session` in a request.",
            examples=(
                Example(
                    'request.session["seen"] = True\n'
                    'return JsonResponse({"products": Product.objects.count()})',
                    'request.session["seen"] = True\n'
                    'return JsonResponse({"products": Product.objects.count()})',
                    why="The write to the session stands before the query and stays there.",
                ),
            ),
        ),
        Entry(
            "store",
            tuple(f"{_BASE}.{name}" for name in ("flush", "cycle_key", "save", "create", "delete", "clear_expired")),
            "query",
            reads=("session",),
            writes=("session",),
        ),
    ),
    harmless=(
        Harmless(
            tuple(
                f"{_BASE}.{name}"
                for name in (
                    "get", "pop", "setdefault", "update", "has_key", "keys", "values", "items", "clear", "is_empty",
                    "set_expiry", "get_expiry_age", "get_expiry_date", "get_expire_at_browser_close",
                    "set_test_cookie", "test_cookie_worked", "delete_test_cookie",
                )
            ),
            effects=("session",),
        ),
    ),
)  # fmt: skip

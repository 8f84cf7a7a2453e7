"""The requests library."""

from unblocker.catalog.base import Entry, Example, Family, Harmless

_SESSION = "requests.sessions.Session"
_RESPONSE = "requests.models.Response"
_ERROR = "requests.exceptions.RequestException"
_SAFE = ("get", "head", "options")
_UNSAFE = ("post", "put", "patch", "delete")


def _call(name: str, examples: tuple[Example, ...] = ()) -> Entry:
    return Entry(
        name,
        (f"requests.{name}", f"requests.api.{name}"),
        "http",
        "function",
        f"django_unblock.http.{name}",
        reads=("host",),
        writes=() if name in _SAFE else ("host",),
        raises=(_ERROR,),
        returns=_RESPONSE,
        differs="Made by requests itself, on sockets that wait for the event loop; `get`, `head` and `options` "
        "use connections again.",
        examples=examples,
    )


FAMILY = Family(
    name="requests",
    title="requests",
    summary="Module functions become their namesakes of `django_unblock.http`, which do not block.",
    entries=(
        _call("get", (
            Example(
                'rates = requests.get("https://rates.example/today", timeout=5)\n'
                "products = Product.objects.count()\n"
                'return JsonResponse({"rates": rates.json(), "products": products})',
                "# rates and products do not depend on each other: they run at the same time.\n"
                "rates, products = await gather("
                'http.get("https://rates.example/today", timeout=5), Product.objects.acount())\n'
                'return JsonResponse({"rates": rates.json(), "products": products})',
            ),
        )),
        *(_call(name) for name in (*_SAFE[1:], *_UNSAFE)),
        Entry(
            "request",
            ("requests.request", "requests.api.request"),
            "http",
            "function",
            "django_unblock.http.request",
            reads=("host",),
            writes=("host",),
            raises=(_ERROR,),
            returns=_RESPONSE,
        ),
        Entry(
            "session_read",
            tuple(f"{_SESSION}.{name}" for name in _SAFE),
            "http",
            "offload",
            reads=("host",),
            raises=(_ERROR,),
            returns=_RESPONSE,
            differs="A session has state of its own (cookies, adapters): it stays, and its call takes a thread.",
        ),
        Entry(
            "session_write",
            tuple(f"{_SESSION}.{name}" for name in (*_UNSAFE, "request", "send")),
            "http",
            "offload",
            reads=("host",),
            writes=("host",),
            raises=(_ERROR,),
            returns=_RESPONSE,
        ),
    ),
    harmless=(
        Harmless(("requests.Session", _SESSION), returns=_SESSION),
        Harmless(tuple(f"{_RESPONSE}.{name}" for name in ("json", "raise_for_status", "close"))),
        Harmless((f"{_SESSION}.close", f"{_SESSION}.mount", f"{_SESSION}.__enter__", f"{_SESSION}.__exit__")),
    ),
)  # fmt: skip

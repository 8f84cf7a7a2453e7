"""urllib.request."""

from unblocker.catalog.base import Entry, Example, Family, Harmless

FAMILY = Family(
    name="urllib",
    title="urllib.request",
    summary="The standard library's client blocks; its calls go to a worker thread with `offload`.",
    entries=(
        Entry(
            "urlopen",
            ("urllib.request.urlopen", "urllib.request.urlretrieve"),
            "http",
            "offload",
            reads=("host",),
            writes=("host",),
            raises=("urllib.error.URLError",),
            differs="A GET or a POST, which only its arguments tell: taken for a write.",
            examples=(
                Example(
                    'answer = urlopen("https://rates.example/today")\n'
                    'return JsonResponse({"status": answer.status})',
                    'answer = urlopen("https://rates.example/today")\n'
                    'return JsonResponse({"status": answer.status})',
                    why="One call: there is nothing to overlap.",
                ),
            ),
        ),
    ),
    harmless=(Harmless(("urllib.request.Request",)),),
)

"""time.sleep."""

from unblocker.catalog.base import Entry, Example, Family

FAMILY = Family(
    name="time",
    title="Sleeping",
    summary="`time.sleep` would stop every request on the event loop; `asyncio.sleep` stops one.",
    entries=(
        Entry(
            "sleep",
            ("time.sleep",),
            "sleep",
            "function",
            "asyncio.sleep",
            reads=("unknown",),
            writes=("unknown",),
            differs="Somebody waits for something outside: nothing is moved across it.",
            examples=(
                Example(
                    'time.sleep(0.1)\nreturn JsonResponse({"products": Product.objects.count()})',
                    'time.sleep(0.1)\nreturn JsonResponse({"products": Product.objects.count()})',
                    why="The pause stands before the query and stays there.",
                ),
            ),
        ),
    ),
)

"""django.db.transaction."""

from unblocker.catalog.base import Entry, Example, Family, Harmless

_TRANSACTION = "django.db.transaction"

FAMILY = Family(
    name="django_transactions",
    title="Transactions",
    summary=(
        "`atomic` becomes `aatomic`, which holds one connection for the block. Everything inside stays serial, in its "
        "order: a database connection does one thing at a time."
    ),
    entries=(
        Entry(
            "atomic",
            (f"{_TRANSACTION}.atomic", f"{_TRANSACTION}.Atomic"),
            "transaction",
            "function",
            "django_unblock.aatomic",
            examples=(
                Example(
                    "with transaction.atomic():\n"
                    "    order = Order.objects.create(total=1)\n"
                    "    products = Product.objects.count()\n"
                    'return JsonResponse({"order": order.pk, "products": products})',
                    "with transaction.atomic():\n"
                    "    order = Order.objects.create(total=1)\n"
                    "    products = Product.objects.count()\n"
                    'return JsonResponse({"order": order.pk, "products": products})',
                    why="Inside a transaction nothing can overlap.",
                ),
            ),
        ),
        Entry(
            "enter",
            (f"{_TRANSACTION}.Atomic.__enter__", f"{_TRANSACTION}.Atomic.__exit__"),
            "transaction",
            differs="A subclass of `Atomic` calls it; left in its place.",
        ),
        Entry(
            "savepoint",
            tuple(
                f"{_TRANSACTION}.{name}"
                for name in (
                    "savepoint",
                    "savepoint_commit",
                    "savepoint_rollback",
                    "commit",
                    "rollback",
                )
            ),
            "transaction",
            reads=("unknown",),
            writes=("unknown",),
        ),
    ),
    harmless=(
        Harmless(
            tuple(
                f"{_TRANSACTION}.{name}"
                for name in (
                    "Atomic.__init__",
                    "on_commit",
                    "set_rollback",
                    "get_rollback",
                    "get_connection",
                    "non_atomic_requests",
                )
            )
        ),
    ),
)

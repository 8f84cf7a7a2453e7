"""Django's ORM: querysets, managers, instances, transactions' building blocks left to their own family."""

from unblocker.catalog.base import Entry, Example, Family, Harmless

_QUERYSET = "django.db.models.query.QuerySet"
_MODEL = "django.db.models.base.Model"
_RELATED = "django.db.models.manager.RelatedManager"
_NOT_FOUND = "django.core.exceptions.ObjectDoesNotExist"
_MANY = "django.core.exceptions.MultipleObjectsReturned"


def _queryset(*names: str) -> tuple[str, ...]:
    return tuple(f"{_QUERYSET}.{name}" for name in names)


def _read(name: str, returns: str = "data", **more: object) -> Entry:
    """A terminal that reads and has an `a…` twin on the same class."""
    return Entry(
        name,
        _queryset(name),
        "query",
        "method",
        f"a{name}",
        reads=("model",),
        returns=returns,
        since="4.1",
        **more,  # type: ignore[arg-type]  # only raises and examples are given
    )


def _write(name: str, returns: str = "data", **more: object) -> Entry:
    return Entry(
        name,
        _queryset(name),
        "query",
        "method",
        f"a{name}",
        reads=("model",),
        writes=("model",),
        returns=returns,
        since="4.1",
        **more,  # type: ignore[arg-type]
    )


FAMILY = Family(
    name="django_orm",
    title="Django's ORM",
    summary=(
        "Querysets stay lazy; what runs a query gets Django's own `a…` method where it has one. Code that evaluates a "
        "queryset by itself (a loop, a lazy relation) stays as it is: the runtime's bridge carries its query."
    ),
    entries=(
        Entry(
            "build",
            _queryset(
                "all", "filter", "exclude", "order_by", "reverse", "distinct", "values", "values_list", "dates",
                "datetimes", "none", "union", "intersection", "difference", "select_related", "prefetch_related",
                "select_for_update", "annotate", "alias", "extra", "defer", "only", "using", "raw", "complex_filter",
                "fetch_mode", "as_manager",
            ),
            "query",
            lazy=True,
            returns="queryset",
            reads=("model",),
            examples=(
                Example(
                    "products = Product.objects.filter(price__lt=10)\n"
                    'return render(request, "shop/list.html", {"products": products})',
                    "products = Product.objects.filter(price__lt=10)\n"
                    'return render(request, "shop/list.html", {"products": products})',
                    why="Only one query, and it runs when the template is rendered: there is nothing to overlap.",
                ),
            ),
        ),
        _read("get", "instance", raises=(_NOT_FOUND, _MANY), examples=(
            Example(
                "products = Product.objects.count()\n"
                "reviews = Review.objects.count()\n"
                "order = Order.objects.get(pk=2)\n"
                'return JsonResponse({"all": [products, reviews, order.total]})',
                "# products, reviews and order do not depend on each other: they run at the same time.\n"
                "products, reviews, order = await gather(\n"
                "    Product.objects.acount(), Review.objects.acount(), Order.objects.aget(pk=2)\n"
                ")\n"
                'return JsonResponse({"all": [products, reviews, order.total]})',
            ),
            Example(
                "order = Order.objects.get(pk=2)\n"
                "products = Product.objects.count()\n"
                "reviews = Review.objects.count()\n"
                'return JsonResponse({"all": [products, reviews, order.total]})',
                "order = await Order.objects.aget(pk=2)\n"
                "# products and reviews do not depend on each other: they run at the same time.\n"
                "products, reviews = await gather(Product.objects.acount(), Review.objects.acount())\n"
                'return JsonResponse({"all": [products, reviews, order.total]})',
            ),
        )),
        _read("first", "maybe-instance"),
        _read("last", "maybe-instance"),
        _read("earliest", "instance", raises=(_NOT_FOUND,)),
        _read("latest", "instance", raises=(_NOT_FOUND,)),
        _read("count", examples=(
            Example(
                "products = Product.objects.count()\n"
                "orders = Order.objects.count()\n"
                "reviews = Review.objects.count()\n"
                'return JsonResponse({"all": [products, orders, reviews]})',
                "# products, orders and reviews do not depend on each other: they run at the same time.\n"
                "products, orders, reviews = await gather(\n"
                "    Product.objects.acount(), Order.objects.acount(), Review.objects.acount()\n"
                ")\n"
                'return JsonResponse({"all": [products, orders, reviews]})',
            ),
            Example(
                "products = Product.objects.count()\n"
                "orders = Order.objects.count()\n"
                'return JsonResponse({"products": products, "orders": orders})',
                "products = Product.objects.count()\n"
                "orders = Order.objects.count()\n"
                'return JsonResponse({"products": products, "orders": orders})',
                why="Two queries: converting would cost more than it saves.",
            ),
        )),
        _read("exists"),
        _read("aggregate"),
        _read("contains"),
        _read("in_bulk", "mapping"),
        _read("explain"),
        _write("create", "instance"),
        _write("get_or_create", "pair"),
        _write("update_or_create", "pair"),
        _write("bulk_create", "instances"),
        _write("bulk_update"),
        _write("update"),
        Entry(
            "delete_rows", _queryset("delete"), "query", "method", "adelete",
            reads=("model",), writes=("cascade",), since="4.1",
        ),
        Entry(
            "iterator", _queryset("iterator"), "query", reads=("model",), returns="instances",
            differs="Left in place: the bridge carries a loop over it, chunk by chunk.",
        ),
        Entry(
            "list",
            ("builtins.list", "builtins.tuple", "builtins.set", "builtins.sorted", "builtins.frozenset"),
            "query", "unblock", reads=("model",), returns="instances",
            differs="Evaluates the queryset in the bridge; what comes back is the same list.",
            examples=(
                Example(
                    "products = list(Product.objects.all())\n"
                    "orders = list(Order.objects.all())\n"
                    "reviews = Review.objects.count()\n"
                    'return JsonResponse({"all": [len(products), len(orders), reviews]})',
                    "# products, orders and reviews do not depend on each other: they run at the same time.\n"
                    "products, orders, reviews = await gather(\n"
                    "    unblock(list)(Product.objects.all()),\n"
                    "    unblock(list)(Order.objects.all()),\n"
                    "    Review.objects.acount(),\n"
                    ")\n"
                    'return JsonResponse({"all": [len(products), len(orders), reviews]})',
                ),
            ),
        ),
        Entry("length", ("builtins.len",), "query", "unblock", reads=("model",)),
        Entry("truth_of", ("builtins.bool",), "query", "unblock", reads=("model",)),
        Entry(
            "consume",
            ("builtins.sum", "builtins.min", "builtins.max", "builtins.any", "builtins.all", "builtins.dict"),
            "query", "unblock", reads=("model",),
            differs="The function reads every row of the queryset that it is given.",
        ),
        Entry("iterate", (), "query", reads=("model",), differs="Carried by the bridge in its place."),
        Entry("truth", (), "query", reads=("model",), differs="`if queryset` fetches all rows, as it always did."),
        Entry("membership", (), "query", reads=("model",)),
        Entry("index", (), "query", reads=("model",), returns="instance", raises=("builtins.IndexError",)),
        Entry(
            "relation", (), "query", reads=("model",), returns="instance", raises=(_NOT_FOUND,),
            differs="There is no async form of a lazy relation; the bridge carries it.",
        ),
        Entry("deferred_column", (), "query", reads=("model",)),
        Entry(
            "save", (f"{_MODEL}.save", f"{_MODEL}.save_base"), "query", "method", "asave",
            writes=("model",), since="4.2",
        ),
        Entry(
            "delete", (f"{_MODEL}.delete",), "query", "method", "adelete",
            reads=("cascade",), writes=("cascade",), since="4.2",
        ),
        Entry(
            "refresh_from_db", (f"{_MODEL}.refresh_from_db",), "query", "method", "arefresh_from_db",
            reads=("model",), since="4.2",
        ),
        Entry(
            "full_clean",
            (f"{_MODEL}.full_clean", f"{_MODEL}.validate_unique", f"{_MODEL}.validate_constraints"),
            "query", reads=("model",), raises=("django.core.exceptions.ValidationError",),
        ),
        *(
            Entry(
                f"{name}_related", (f"{_RELATED}.{name}",), "query", "method", f"a{name}",
                reads=("model",), writes=("through",), since="4.2",
            )
            for name in ("add", "remove", "clear", "set")
        ),
        Entry(
            "get_page",
            ("django.core.paginator.Paginator.get_page", "django.core.paginator.Paginator.page"),
            "query", "unblock", reads=("model",),
            differs="Counts the rows; the page's own rows are read when it is looped over.",
        ),
        Entry("paginate", (), "query", reads=("model",), differs="A paginator's count, read as an attribute."),
        Entry(
            "prefetch_objects", ("django.db.models.query.prefetch_related_objects",), "query", "function",
            "django.db.models.aprefetch_related_objects", reads=("unknown",), since="5.0",
        ),
        Entry(
            "cursor",
            tuple(
                f"django.db.backends.utils.CursorWrapper.{name}"
                for name in ("execute", "executemany", "callproc", "fetchone", "fetchall", "fetchmany")
            ),
            "query", reads=("unknown",), writes=("unknown",),
            differs="Raw SQL is not read: it could touch anything.",
        ),
    ),
    harmless=(
        Harmless(("django.db.connection.cursor",), returns="django.db.backends.utils.CursorWrapper"),
        Harmless(
            (
                f"{_MODEL}.clean", f"{_MODEL}.clean_fields", f"{_MODEL}.get_deferred_fields",
                f"{_MODEL}.serializable_value", f"{_MODEL}.__str__", f"{_MODEL}.__eq__",
                "django.contrib.auth.base_user.AbstractBaseUser.*",
                "django.contrib.auth.models.AbstractUser.get_full_name",
                "django.contrib.auth.models.AbstractUser.get_short_name",
                "django.contrib.auth.models.AbstractUser.clean",
                "django.contrib.auth.models.AnonymousUser.get_username",
            ),
        ),
    ),
)  # fmt: skip

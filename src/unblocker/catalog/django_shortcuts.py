"""django.shortcuts and rendering templates."""

from unblocker.catalog.base import Entry, Example, Family, Harmless

_HTTP404 = "django.http.response.Http404"

FAMILY = Family(
    name="django_shortcuts",
    title="Shortcuts and templates",
    summary="Lookups that answer with 404, and rendering, which runs every query that the template asks for.",
    entries=(
        Entry(
            "get_object_or_404",
            ("django.shortcuts.get_object_or_404",),
            "query",
            "function",
            "django.shortcuts.aget_object_or_404",
            reads=("model",),
            raises=(_HTTP404,),
            guard=True,
            returns="instance",
            since="5.0",
            examples=(
                Example(
                    "product = get_object_or_404(Product, pk=1)\n"
                    "reviews = product.reviews.count()\n"
                    "orders = Order.objects.count()\n"
                    'return JsonResponse({"reviews": reviews, "orders": orders})',
                    "product = await aget_object_or_404(Product, pk=1)\n"
                    "# reviews and orders do not depend on each other: they run at the same time.\n"
                    "reviews, orders = await gather(product.reviews.acount(), Order.objects.acount())\n"
                    'return JsonResponse({"reviews": reviews, "orders": orders})',
                ),
            ),
        ),
        Entry(
            "get_list_or_404",
            ("django.shortcuts.get_list_or_404",),
            "query",
            "function",
            "django.shortcuts.aget_list_or_404",
            reads=("model",),
            raises=(_HTTP404,),
            guard=True,
            returns="instances",
            since="5.0",
        ),
        Entry(
            "render",
            ("django.shortcuts.render",),
            "template",
            "function",
            "django_unblock.arender",
            returns="django.http.response.HttpResponse",
            differs="Renders in the bridge, so that what the template queries does not block.",
        ),
        Entry(
            "render_to_string",
            ("django.template.loader.render_to_string",),
            "template",
            "unblock",
            differs="Rendered in the bridge; the text is the same.",
        ),
        Entry(
            "template_response",
            ("django.template.response.TemplateResponse",),
            "template",
            returns="django.template.response.TemplateResponse",
            differs="Left in place: Django renders it after the view, when its middleware has seen it.",
        ),
        Entry(
            "render_template",
            (
                "django.template.backends.django.Template.render",
                "django.template.base.Template.render",
            ),
            "template",
            "unblock",
            reads=("unknown",),
            writes=("unknown",),
            differs="Rendered in the bridge; a template that is made of a text may do anything.",
        ),
    ),
    harmless=(
        Harmless(("django.shortcuts.redirect", "django.shortcuts.resolve_url")),
        Harmless(
            ("django.template.loader.get_template", "django.template.loader.select_template"),
            returns="django.template.backends.django.Template",
        ),
        Harmless(
            ("django.template.base.Template", "django.template.engine.Engine.from_string"),
            returns="django.template.base.Template",
        ),
    ),
)

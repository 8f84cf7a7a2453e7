"""Forms."""

from unblocker.catalog.base import Entry, Example, Family, Harmless

_FORM = "django.forms.forms.BaseForm"
_SET = "django.forms.formsets.BaseFormSet"

FAMILY = Family(
    name="django_forms",
    title="Forms",
    summary=(
        "Validation queries where a field chooses from a queryset or a model field is unique; saving writes. Forms "
        "have no async form: they stay in their place and the bridge carries their queries."
    ),
    entries=(
        Entry(
            "validate",
            tuple(
                f"{owner}.{name}" for owner in (_FORM, _SET) for name in ("is_valid", "full_clean")
            ),
            "query",
            reads=("form",),
            examples=(
                Example(
                    "form = ReviewForm(request.POST)\n"
                    "if not form.is_valid():\n"
                    '    return JsonResponse({"errors": form.errors}, status=400)\n'
                    "form.save()\n"
                    'return redirect("/")',
                    "form = ReviewForm(request.POST)\n"
                    "if not form.is_valid():\n"
                    '    return JsonResponse({"errors": form.errors}, status=400)\n'
                    "form.save()\n"
                    'return redirect("/")',
                    why="Every step waits for the one before it.",
                ),
            ),
        ),
        Entry(
            "choices",
            (),
            "query",
            reads=("form",),
            differs="A form that is shown reads what it lets choose from.",
        ),
        Entry(
            "save",
            ("django.forms.models.BaseModelForm.save", "django.forms.models.BaseModelFormSet.save"),
            "query",
            reads=("model",),
            writes=("model", "related"),
            returns="instance",
        ),
        Entry(
            "model_to_dict",
            ("django.forms.models.model_to_dict",),
            "query",
            "unblock",
            reads=("model",),
            differs="Queries for each many-to-many field.",
        ),
    ),
    harmless=(Harmless((f"{_FORM}.*", f"{_SET}.*", "django.forms.models.BaseModelForm.*")),),
)

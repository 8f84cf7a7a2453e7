"""Functions of Django's views whose source, read as it stands, would tell too little: what they do, by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Model
from django.forms import modelform_factory
from django.utils.module_loading import import_string

from unblocker.survey.attributes import attribute
from unblocker.survey.effects import present
from unblocker.survey.live import known_text, value_of
from unblocker.survey.looking import look
from unblocker.survey.methods import call_method
from unblocker.survey.values import (
    INERT,
    UNKNOWN,
    Inert,
    Instance,
    Items,
    Live,
    Method,
    Object,
    QuerySet,
    Request,
    Value,
    constant,
)

if TYPE_CHECKING:
    import ast

    from unblocker.survey.frame import Frame
    from unblocker.survey.querysets import Arguments
    from unblocker.survey.world import StandIn


def _dispatch(frame: Frame, node: ast.expr, receiver: Value | None, given: Arguments) -> Value:
    """`View.dispatch`: the handler of the request's method."""
    if not isinstance(receiver, Object) or receiver.role is None:
        return UNKNOWN
    if look(receiver.cls, receiver.role.handler) is None:
        return INERT
    return call_method(frame, node, Method(receiver, receiver.role.handler), given)


def _login_required(
    frame: Frame, node: ast.expr, receiver: Value | None, given: Arguments
) -> Value:
    """`login_required(…)` called, not written above a function: what it is put around, or what puts it around."""
    del receiver
    frame.opaque()
    if frame.role is not None:
        user = attribute(frame, node, Request(f"{frame.parameters[0]}.request"), "user")
        if isinstance(user, Instance):
            present(frame, node, user)
    wrapped = given.get(0, "function")
    return Live(passed_on) if wrapped is None or wrapped == constant(None) else wrapped


def passed_on(function: object) -> object:
    """Stands for a decorator that was given its arguments and not yet its function."""
    return function


def _pass_on(frame: Frame, node: ast.expr, receiver: Value | None, given: Arguments) -> Value:
    del frame, node, receiver
    return given.get(0, "function") or UNKNOWN


def _names_of_one(frame: Frame, node: ast.expr, receiver: Value | None, given: Arguments) -> Value:
    """`get_template_names` of a view of one object: `template_name`, or the model's."""
    del given
    if receiver is None:
        return UNKNOWN
    chosen = attribute(frame, node, receiver, "template_name")
    if known_text(chosen) is not None:
        return Items(chosen, (chosen,), 1)
    by_field = attribute(frame, node, receiver, "template_name_field")
    if by_field != constant(None):
        return UNKNOWN
    return _of_model(frame, node, receiver, "object", ())


def _names_of_many(frame: Frame, node: ast.expr, receiver: Value | None, given: Arguments) -> Value:
    """`get_template_names` of a view of many objects: `template_name`, then the model's."""
    del given
    if receiver is None:
        return UNKNOWN
    chosen = attribute(frame, node, receiver, "template_name")
    first = (chosen,) if known_text(chosen) is not None else ()
    return _of_model(frame, node, receiver, "object_list", first)


def _of_model(
    frame: Frame, node: ast.expr, receiver: Value, name: str, first: tuple[Value, ...]
) -> Value:
    model = _model(attribute(frame, node, receiver, name))
    model = model or _model(attribute(frame, node, receiver, "model"))
    suffix = known_text(attribute(frame, node, receiver, "template_name_suffix"))
    if model is None or suffix is None:
        return Items(first[0], first, 1) if first else UNKNOWN
    options = model._meta
    default = constant(f"{options.app_label}/{options.model_name}{suffix}.html")
    return Items(default, (*first, default), len(first) + 1)


def _model(value: Value) -> type[Model] | None:
    match value:
        case QuerySet(model=model) | Instance(model=model):
            return model
        case Live(target=type() as cls) if issubclass(cls, Model):
            return cls
        case _:
            return None


def _model_form(frame: Frame, node: ast.expr, receiver: Value | None, given: Arguments) -> Value:
    """`modelform_factory`: the class that it makes."""
    del node, receiver
    frame.opaque()
    model, fields = given.get(0, "model"), given.keywords.get("fields")
    if not isinstance(model, Live) or not isinstance(model.target, type) or fields is None:
        return UNKNOWN
    wanted = _texts(fields)
    if wanted is None or not issubclass(model.target, Model):
        return UNKNOWN
    return Live(_made_form(model.target, wanted))


def _texts(value: Value) -> tuple[str, ...] | None:
    parts = value.parts if isinstance(value, Items) else (value,)
    found = [known_text(part) for part in parts or () if isinstance(part, Inert)]
    return tuple(one for one in found if one is not None) or None


def _imported(frame: Frame, node: ast.expr, receiver: Value | None, given: Arguments) -> Value:
    """`import_string`: what stands under a name that is known, as a setting's is."""
    del node, receiver
    frame.opaque()
    name = known_text(given.get(0, "dotted_path") or UNKNOWN)
    if name is None:
        return UNKNOWN
    try:
        return value_of(import_string(name))
    except Exception:  # noqa: BLE001  # the module's own code has failed: nothing is known of what is in it
        return UNKNOWN


_FORMS: dict[tuple[type[Model], tuple[str, ...]], type] = {}


def _made_form(model: type[Model], fields: tuple[str, ...]) -> type:
    key = (model, fields)
    if key not in _FORMS:
        _FORMS[key] = modelform_factory(
            model, fields="__all__" if fields == ("__all__",) else fields
        )
    return _FORMS[key]


STAND_INS: dict[str, StandIn] = {
    "django.views.generic.base.View.dispatch": _dispatch,
    "django.views.generic.detail.SingleObjectTemplateResponseMixin.get_template_names": _names_of_one,
    "django.views.generic.list.MultipleObjectTemplateResponseMixin.get_template_names": _names_of_many,
    "django.forms.models.modelform_factory": _model_form,
    "django.utils.module_loading.import_string": _imported,
    "django.contrib.auth.decorators.login_required": _login_required,
    f"{__name__}.passed_on": _pass_on,
}
"""By the function's dotted name."""

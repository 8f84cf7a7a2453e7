"""What saving and deleting write besides the row: signal receivers, overridden methods, cascades."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import FileField
from django.db.models.fields.files import FieldFile
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save

from unblocker.records.survey import Location
from unblocker.survey import models as facts
from unblocker.survey import values
from unblocker.survey.harmless import module_of
from unblocker.survey.live import plain_function
from unblocker.survey.looking import static_attribute
from unblocker.survey.operations import UNKNOWN_LOCATION, operation
from unblocker.survey.project_calls import invoke
from unblocker.survey.querysets import Arguments
from unblocker.survey.values import INERT, UNKNOWN, Instance, Live, Object, Value, constant

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Mapping

    from django.db.models import Model
    from django.dispatch import Signal

    from unblocker.survey.frame import Frame
    from unblocker.survey.world import Code

type Touched = tuple[frozenset[Location], frozenset[Location]]

_SIGNALS = {"save": (pre_save, post_save), "delete": (pre_delete, post_delete)}


def saved(
    frame: Frame,
    node: ast.expr,
    instance: Instance,
    reads: frozenset[Location],
    writes: frozenset[Location],
) -> Touched:
    """An instance is saved: by the model's own `save()` where it has one, then the receivers."""
    model = instance.model
    override = static_attribute(model, "save")
    if frame.world.owns(override):
        return _follow(frame, override, {"self": instance}, instance, reads, writes)
    store_files(frame, node, instance)
    return signalled(frame, instance, "save", reads, writes)


def store_files(frame: Frame, node: ast.expr, instance: Instance) -> None:
    """Saving an instance that was given new files stores them, where its fields' `upload_to` says."""
    if not instance.files:
        return
    for field in file_fields(instance.model):
        if field.name in instance.files and frame.world.owns(field.upload_to):
            given = Arguments((instance, INERT), {}, open=False)
            invoke(frame, node, field.upload_to, given, implicit=True)
    places, label = (Location("files"),), f"files of {instance.model.__name__}"
    found = operation("django_storage.save", "storage", label, writes=places, implicit=True)
    frame.operate(node, found)


def new_files(model: type[Model], names: Iterable[str]) -> frozenset[str]:
    """Those of the names that are the model's file fields."""
    return frozenset(field.name for field in file_fields(model)).intersection(names)


def given_files(model: type[Model], given: Mapping[str, Value]) -> frozenset[str]:
    """The model's file fields that are given a file which no stored row has yet."""
    names = (name for name, value in given.items() if not _is_stored(value))
    return new_files(model, names)


def _is_stored(value: Value) -> bool:
    return isinstance(value, Object) and value.cls is FieldFile and value.identity == "stored"


def file_fields(model: type[Model]) -> list[FileField]:
    """The model's fields that keep files in a storage."""
    return [field for field in model._meta.concrete_fields if isinstance(field, FileField)]


def deleted(
    frame: Frame,
    node: ast.expr,
    model: type[Model],
    reads: frozenset[Location],
    writes: frozenset[Location],
) -> Touched:
    """Instances are deleted: with what hangs on them."""
    tables = facts.cascade(model)
    reads, writes = reads | tables, writes | tables
    for one in facts.cascading(model):
        instance = Instance(one, frame.identity(node))
        reads, writes = signalled(frame, instance, "delete", reads, writes)
    return reads, writes


def related(
    frame: Frame,
    node: ast.expr,
    owner: type[Model],
    tables: frozenset[Location],
    reads: frozenset[Location],
) -> Touched:
    """An instance's many-to-manys change: their tables, and what the receivers of `m2m_changed` read and write."""
    touched = reads, tables
    for through in filter(None, (facts.table_in_between(one.name) for one in tables)):
        arguments: dict[str, Value] = {
            "sender": Live(through), "instance": Instance(owner, frame.identity(node)), "model": INERT,
            "action": INERT, "reverse": INERT, "pk_set": INERT, "using": INERT, "signal": INERT,
        }  # fmt: skip
        touched = _told(frame, m2m_changed, through, arguments, touched)
    return touched


def signalled(
    frame: Frame,
    instance: Instance,
    event: str,
    reads: frozenset[Location],
    writes: frozenset[Location],
) -> Touched:
    """What the receivers of `event` read and write on top; what was fetched on the instance is there for them."""
    near = frame.env.fetched & {
        f"{instance.identity}.{name}" for name in facts.relations(instance.model)
    }
    loaded = {path.removeprefix(f"{instance.identity}.") for path in near}
    instance = replace(instance, loaded=instance.loaded | loaded)
    created = constant(False) if instance.stored else INERT
    arguments: dict[str, Value] = {
        "sender": Live(instance.model), "instance": instance, "created": created, "raw": INERT, "using": INERT,
        "update_fields": INERT, "signal": INERT, "origin": INERT,
    }  # fmt: skip
    for signal in _SIGNALS[event]:
        reads, writes = _told(frame, signal, instance.model, arguments, (reads, writes))
    return reads, writes


def _told(
    frame: Frame,
    signal: Signal,
    model: type[Model],
    arguments: dict[str, Value],
    touched: Touched,
) -> Touched:
    """What was touched, and what the signal's receivers touch on top."""
    reads, writes = touched
    for receiver in _receivers(signal, model):
        reads, writes = _follow(frame, receiver, arguments, None, reads, writes)
    return reads, writes


def _receivers(signal: Signal, model: type[Model]) -> list[object]:
    live: Any = signal._live_receivers(model)
    flat = [*live[0], *live[1]] if isinstance(live, tuple) else live
    return [item[0] if isinstance(item, tuple) else item for item in flat]


def _follow(
    frame: Frame,
    target: object,
    arguments: dict[str, Value],
    receiver: Value | None,
    reads: frozenset[Location],
    writes: frozenset[Location],
) -> Touched:
    if not frame.world.owns(target):
        return _foreign(target, reads, writes)
    code = frame.world.code(target)
    if code is None:
        return reads | {UNKNOWN_LOCATION}, writes | {UNKNOWN_LOCATION}
    names = [argument.arg for argument in code.node.args.args]
    if receiver is not None and names:
        arguments = {names[0]: receiver, **dict.fromkeys(names[1:], UNKNOWN)}
    passed = _accepted(code, arguments)
    summary = frame.world.summary(code, receiver, passed if receiver is None else {})
    frame.world.enter(summary, passed, caller=frame)
    frame.trace.callees[summary] = None
    outcome = summary.outcome
    return reads | outcome.reads | outcome.shared, writes | outcome.writes | outcome.effects


def _accepted(code: Code, arguments: dict[str, Value]) -> dict[str, Value]:
    every = code.node.args
    names = {argument.arg for argument in (*every.posonlyargs, *every.args, *every.kwonlyargs)}
    accepted = {name: value for name, value in arguments.items() if name in names}
    rest = tuple((name, value) for name, value in arguments.items() if name not in names)
    if every.kwarg is not None and rest:
        accepted[every.kwarg.arg] = values.Mapping(rest, UNKNOWN)
    return accepted


def _foreign(target: object, reads: frozenset[Location], writes: frozenset[Location]) -> Touched:
    """A receiver of an installed library: Django's own keep caches in memory, others are unknown."""
    function = plain_function(target)
    module = module_of(function or type(target))
    if module.startswith("django."):
        return reads, writes
    return reads | {UNKNOWN_LOCATION}, writes | {UNKNOWN_LOCATION}

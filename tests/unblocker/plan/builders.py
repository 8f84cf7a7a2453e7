"""Small surveys by hand: steps and operations with just what a test is about."""

from dataclasses import replace
from itertools import count

from unblocker.records.places import Place
from unblocker.records.survey import (
    Block,
    Evaluation,
    Function,
    LazyQuery,
    Location,
    Operation,
    Project,
    Reference,
    Step,
    Survey,
    View,
)

_lines = count(1)


def place(line: int | None = None) -> Place:
    at = line or next(_lines)
    return Place("app/views.py", at, 4, at, 40)


def table(name: str) -> Location:
    return Location("table", name)


def query(where: Place, *, name: str = "count", **fields: object) -> Operation:
    fields = {"reads": (table("app_thing"),), "whole": True, **fields}
    return Operation(
        id=f"{where.line}:8",
        place=where,
        entry=f"django_orm.{name}",
        kind="query",
        label=f"Thing.{name}",
        **fields,  # type: ignore[arg-type]
    )


def call_of(callee: str, where: Place, **fields: object) -> Operation:
    return Operation(
        id=f"{where.line}:8",
        place=where,
        entry="project.call",
        kind="helper",
        label=callee.rsplit(":", 1)[-1],
        callee=callee,
        **fields,  # type: ignore[arg-type]
    )


def outbound(where: Place, **fields: object) -> Operation:
    fields = {"reads": (Location("host"),), "whole": True, **fields}
    return Operation(
        id=f"{where.line}:8",
        place=where,
        entry="requests.get",
        kind="http",
        label="GET",
        **fields,  # type: ignore[arg-type]
    )


def send_mail(where: Place, **fields: object) -> Operation:
    fields = {"writes": (Location("mail"),), "value_used": False, **fields}
    return Operation(
        id=f"{where.line}:8",
        place=where,
        entry="django_mail.send_mail",
        kind="mail",
        label="send_mail",
        **fields,  # type: ignore[arg-type]
    )


def step(kind: str, where: Place | None = None, **fields: object) -> Step:
    where = where or place()
    return Step(id=f"{where.line}:4", place=where, kind=kind, text="", **fields)  # type: ignore[arg-type]


def read(binds: str, *uses: str, **fields: object) -> Step:
    where = place()
    return step("assign", where, binds=(binds,), uses=uses, operations=(query(where, **fields),))


def get(binds: str, *uses: str) -> Step:
    return read(binds, *uses, name="get", raises=("django.core.exceptions.ObjectDoesNotExist",))


def fetch(binds: str, *uses: str) -> Step:
    where = place()
    return step("assign", where, binds=(binds,), uses=uses, operations=(outbound(where),))


def lazy(binds: str, *uses: str) -> Step:
    where = place()
    found = LazyQuery(binds, where, (table("app_thing"),))
    return step("assign", where, binds=(binds,), uses=uses, lazy=(found,), transparent=True)


def plain(binds: str, *uses: str) -> Step:
    return step("assign", binds=(binds,), uses=uses)


def mailing(*uses: str, **fields: object) -> Step:
    where = place()
    return step("expression", where, uses=uses, operations=(send_mail(where, **fields),))


def calling(binds: str, callee: str, *uses: str, **fields: object) -> Step:
    where = place()
    binds_ = (binds,) if binds else ()
    return step(
        "assign", where, binds=binds_, uses=uses, operations=(call_of(callee, where, **fields),)
    )


def render(*certain: str, maybe: tuple[str, ...] = ()) -> Step:
    where = place()
    found = tuple(Evaluation(name, (table("app_thing"),), certain=True) for name in certain)
    perhaps = tuple(Evaluation(name, (table("app_thing"),), certain=False) for name in maybe)
    rendering = Operation(
        id=f"{where.line}:11",
        place=where,
        entry="django_shortcuts.render",
        kind="template",
        label="page.html",
        evaluates=found + perhaps,
    )
    return step("return", where, uses=(*certain, *maybe), operations=(rendering,))


def guard_if(*uses: str) -> Step:
    return step("if", uses=uses, blocks=(Block("body", (step("return"),)),))


def function(name: str, *steps: Step, **fields: object) -> Function:
    return Function(
        id=f"app.views:{name}",
        name=name,
        place=Place("app/views.py", 1, 0, 99, 0),
        parameters=("request",),
        steps=steps,
        **fields,  # type: ignore[arg-type]
    )


def view_of(one: Function) -> View:
    return View(f"app.views.{one.name}", "function", (), one.place, one.id)


def survey_of(*functions: Function, views: tuple[Function, ...] | None = None) -> Survey:
    project = Project(
        root="/project",
        settings="project.settings",
        settings_files=("project/settings.py",),
        asgi_file="project/asgi.py",
        django="6.1",
        python="3.13",
        databases=(),
        middleware=(),
        installed_apps=("django_unblock",),
    )
    shown = functions[:1] if views is None else views
    return Survey(project, tuple(view_of(one) for one in shown), functions)


def named_by(one: Function, *callers: str, kind: str = "view") -> Function:
    found = tuple(Reference(place(), kind, caller, called=kind == "test") for caller in callers)  # type: ignore[arg-type]
    return replace(one, references=one.references + found)

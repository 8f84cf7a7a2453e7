"""Views that can't be read, and what can't be looked at, are told one by one; the rest is surveyed."""

import zipfile
from pathlib import Path

import pytest

from .projects import VIEWS, Ended, make, survey

LAZY = """
from django.utils.functional import SimpleLazyObject
from app.models import Thing

def refuse(*_):
    raise RuntimeError("looked at")

first = SimpleLazyObject(lambda: Thing.objects.first())
broken = SimpleLazyObject(refuse)

class Nasty:
    __getattr__ = __eq__ = __bool__ = __repr__ = __iter__ = __len__ = refuse
    __hash__ = None
    def __call__(self, request):
        return Thing.objects.count()

class Meta(type):
    __getattr__ = refuse

class WithMeta(metaclass=Meta):
    there = 1

class Poser:
    __class__ = property(refuse)
    gone = property(refuse)

class Text(str):
    __str__ = __eq__ = __hash__ = refuse

nasty, poser, text = Nasty(), Poser(), Text("x")
rows = Thing.objects.all()
"""
MORE = """
import functools
from dataclasses import dataclass
from app import lazy

def looks(request):
    lazy.first.owner
    lazy.broken.foo
    for one in lazy.nasty: pass
    if lazy.nasty: pass
    lazy.nasty.foo.bar()
    lazy.nasty == 3
    lazy.WithMeta.there; lazy.WithMeta.gone; lazy.WithMeta(); lazy.WithMeta.make()
    lazy.poser.gone; lazy.poser.call()
    lazy.text.upper(); {lazy.text: 1}
    isinstance(lazy.first, lazy.WithMeta)
    for row in lazy.rows: row.owner
    return HttpResponse(Thing.objects.count())

exec("def made(request):\\n    return Thing.objects.count()\\n")
exec(compile("def posing(request):\\n    return 1\\n", __file__, "exec"))

part = functools.partial(print, "x")
of_view = functools.partial(fine)
quiet = lambda request: HttpResponse(Thing.objects.count())
cached = functools.cache(fine)

@dataclass
class Data:
    name: str
    def __call__(self, request):
        other = Data("y")
        return HttpResponse(Thing.objects.count() if other == self else other.name)

data = Data("x")

def again(request, n=0):
    Thing.objects.count()
    return back(request, n + 1)

def back(request, n):
    return again(request, n)

def itself(request):
    call = itself
    return call(call(request))

def rows_one_by_one(request):
    yield Thing.objects.count()

def without_parameters(): return Thing.objects.count()
def everything(*args, **kwargs): return Thing.objects.count()

def odd[T: int](request: T, /, *, a=Thing.objects.count) -> T:
    match request.GET:
        case {"a": Thing(name=x)}: return x
        case [Thing(), *rest]: return rest
    try: pass
    except* ValueError: pass
    async def inner(): await Thing.objects.acount()
    global somewhere
    somewhere = 1
    del somewhere
    import a_package_nobody_has
    from . import nothing
    nothing.x()
    class Inner(Thing):
        class Meta: app_label = "app"
    type("X", (), {})()
    (lambda *a, **k: a)(*request, **request)
    assert (y := Thing.objects.count())
    return f"{y!r:>{y}} {not_defined(request)}"
"""
URLS = """
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).with_name("lib.zip")))
import zipped
from django.urls import include, path, re_path, register_converter
from django.conf.urls.i18n import i18n_patterns
from django.utils.translation import gettext_lazy
from app import views, lazy, nested

class Year:
    regex = "[0-9]{4}"
    def to_python(self, text): return int(text)
    def to_url(self, year): return year

register_converter(Year, "year4")
listed = [path("<year4:year>/", views.everything)]
own = ["looks", "made", "posing", "part", "of_view", "quiet", "cached", "data", "again", "itself", "rows_one_by_one",
    "without_parameters", "odd", "fine"]
deep = ["calls", "terms", "attributes", "branches", "blocks", "long"]
urlpatterns = [
    *(path(f"{name}/", getattr(views, name)) for name in own),
    *(path(f"{name}/", getattr(nested, name)) for name in deep),
    path("nasty/", lazy.nasty), path("print/", print), path("join/", "".join), path("str/", str),
    path("zipped/", zipped.view), path("zipped-instance/", zipped.Instance()),
    re_path(r"^re/(?P<x>\\d+)/$", lambda request, x: x),
    path("listed/", include(listed)), path("spaced/", include((listed, "app"), namespace="spaced")),
] + i18n_patterns(path(gettext_lazy("things/"), views.fine), prefix_default_language=False)
"""
ZIPPED = """
from app.models import Thing

def view(request):
    return Thing.objects.count()

class Instance:
    def __call__(self, request):
        return Thing.objects.count()
"""


def nested() -> str:
    """Functions that are nested as deeply as Python itself still compiles."""
    count = "Thing.objects.count()"
    blocks = "".join(f"{'    ' * (n + 1)}if request.GET:\n" for n in range(18))
    branches = "".join(f"    elif x == {n}:\n        return {count}\n" for n in range(400))
    bodies = {
        "calls": f"    return Thing.objects{'.filter(pk=1)' * 900}.count()\n",
        "terms": f"    return {' + '.join([count] * 1500)}\n",
        "attributes": f"    return request{'.x' * 900}\n",
        "branches": f"    x = 1\n    if x:\n        return 1\n{branches}",
        "blocks": f"{blocks}{'    ' * 19}return {count}\n",
        "long": f"    return [{', '.join(['1'] * 30_000)}]\n",
    }
    functions = (f"\ndef {name}(request):\n{body}" for name, body in bodies.items())
    return "from app.models import Thing\n" + "".join(functions)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    files = {
        "app/lazy.py": LAZY, "app/views.py": VIEWS + MORE, "app/nested.py": nested(), "urls.py": URLS,
    }  # fmt: skip
    folder = make(tmp_path_factory.mktemp("views") / "project", dict(files))
    with zipfile.ZipFile(folder / "lib.zip", "w") as archive:
        archive.writestr("zipped.py", ZIPPED)
    return survey(folder)


def reads(ended: Ended, name: str) -> set[str]:
    survey = ended.survey
    view = ended.view(name)
    return {
        str(place) for one in survey.functions if one.id == view.function for place in one.reads
    }


def test_nothing_fails(ended: Ended) -> None:
    assert ended.status == 0
    assert {one.code for one in ended.problems()} <= {"U401", "U402"}


@pytest.mark.parametrize(
    ("route", "why"),
    [
        ("made/", "it was made by exec, not in a file"),
        ("posing/", "its source was not found"),
        ("part/", "it is not written in Python"),
        ("print/", "it is not written in Python"),
        ("join/", "it is not written in Python"),
        ("str/", "it is a class"),
        ("zipped/", "its source was not found"),
        ("zipped-instance/", "its source was not found"),
    ],
)
def test_a_view_without_source_is_told(ended: Ended, route: str, why: str) -> None:
    [view] = [one for one in ended.survey.views if route in [route.pattern for route in one.routes]]
    assert view.kind == "unreadable"
    [problem] = view.problems
    assert problem.code == "U402"
    assert problem.text.endswith(f"cannot be read: {why}")


@pytest.mark.parametrize(
    "name",
    ["fine", "Data", "Nasty", "again", "itself", "rows_one_by_one", "without_parameters", "everything",
     "calls", "terms", "branches", "blocks"],
)  # fmt: skip
def test_a_view_that_can_be_read_is(ended: Ended, name: str) -> None:
    assert ended.view(name).kind != "unreadable"
    if name != "itself":
        assert "table app_thing" in reads(ended, name)


def test_what_stands_for_another_object_may_do_anything(ended: Ended) -> None:
    assert {"table app_thing", "unknown"} <= reads(ended, "looks")
    assert "unknown" in reads(ended, "odd")


def test_what_does_nothing_is_not_told_to(ended: Ended) -> None:
    assert reads(ended, "long") == set()


def test_partials_caches_includes_and_languages_lead_to_the_same_view(ended: Ended) -> None:
    patterns = {route.pattern for route in ended.view("fine").routes}
    assert {"fine/", "of_view/", "cached/", "things/"} <= patterns
    names = {route.pattern for route in ended.view("everything").routes}
    assert names == {"listed/<year4:year>/", "spaced/<year4:year>/"}


def test_a_huge_function_is_read(tmp_path: Path) -> None:
    lines = "".join(
        f"    a{n} = Thing.objects.filter(pk={n}).count()\n"
        if n % 100 == 0
        else f"    b{n} = {n}\n"
        for n in range(20_000)
    )
    text = f"from app.models import Thing\n\ndef fine(request):\n{lines}    return a0\n"
    ended = survey(make(tmp_path / "project", {"app/views.py": text}))
    [function] = ended.survey.functions
    assert len([one for step in function.steps for one in step.operations]) == 200

"""Models of every kind, routers that raise and a user model of the project's own do not stop the survey."""

import pytest

from .projects import SETTINGS, Ended, make, survey

MODELS = """
from django.contrib.auth.models import AbstractUser, User
from django.db import models

class Person(AbstractUser):
    pass

class Base(models.Model):
    name = models.CharField(max_length=9)

    class Meta:
        abstract = True

    def others(self):
        return type(self).objects.count()

class Thing(Base):
    owner = models.ForeignKey("Person", models.CASCADE)

    @property
    def loud(self):
        raise RuntimeError("looked at")

    def __getattr__(self, name):
        raise RuntimeError(name)

class Proxy(Thing):
    class Meta:
        proxy = True

    def first(self):
        return Thing.objects.first()

class View(Base):
    class Meta:
        managed = False
        db_table = "some_view"

class Child(Thing):
    extra = models.IntegerField()
"""
VIEWS = """
from django.contrib.auth.models import User
from django.http import HttpResponse
from app.models import Base, Child, Person, Proxy, Thing, View

def proxy(request):
    return HttpResponse(Proxy.objects.get(pk=1).first())

def unmanaged(request):
    return HttpResponse(View.objects.get(pk=1).others())

def child(request):
    return HttpResponse(Child.objects.get(pk=1).owner)

def replaced(request):
    return HttpResponse(User.objects.count())

def own_user(request):
    return HttpResponse(request.user.username)

def abstract(request):
    return HttpResponse(Base.objects.count(), Base.others(None))

def wrong(request):
    thing = Thing.objects.get(pk=1)
    thing.loud
    thing.no_such
    Thing.objects.no_such()
    Thing.no_such
    return HttpResponse(Thing(name=1, nothing=2).owner)
"""
NAMES = ("proxy", "unmanaged", "child", "replaced", "own_user", "abstract", "wrong")
FILES: dict[str, str | bytes] = {
    "conf.py": SETTINGS + """
AUTH_USER_MODEL = "app.Person"
INSTALLED_APPS += ["django.contrib.sessions"]
DATABASES["other"] = {"ENGINE": "django.db.backends.sqlite3", "NAME": "/nowhere/at/all"}
DATABASE_ROUTERS = ["app.routers.Router"]
""",
    "app/routers.py": """
class Router:
    def db_for_read(self, model, **hints):
        raise RuntimeError("asked")

    db_for_write = allow_relation = allow_migrate = db_for_read
""",
    "app/models.py": MODELS,
    "app/views.py": VIEWS,
    "urls.py": f"""
from django.urls import path
from app import views

urlpatterns = [path(name, getattr(views, name)) for name in {NAMES!r}]
""",
}  # fmt: skip


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    return survey(make(tmp_path_factory.mktemp("models") / "project", FILES))


def reads(ended: Ended, name: str) -> set[str]:
    view = ended.view(name)
    [function] = [one for one in ended.survey.functions if one.id == view.function]
    return {str(place).removeprefix("table ") for place in function.reads}


def test_nothing_is_wrong(ended: Ended) -> None:
    assert ended.problems() == []


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        ("proxy", {"app_thing"}),
        ("unmanaged", {"some_view"}),
        ("child", {"app_child", "app_thing", "app_person"}),
        ("own_user", {"app_person"}),
        ("wrong", {"app_thing"}),
    ],
)
def test_the_tables(ended: Ended, name: str, tables: set[str]) -> None:
    assert tables <= reads(ended, name)


@pytest.mark.parametrize("name", ["replaced", "abstract"])
def test_a_manager_that_django_refuses_is_unknown(ended: Ended, name: str) -> None:
    assert "unknown" in reads(ended, name)
    assert "auth_user" not in reads(ended, name)

"""Every way to render reads ahead in the bridge, also what context processors add; other engines do not."""

import asyncio
import sys
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from asgi_client import Client
from bookshop import ENGINE, OPTIONS
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import Context, Engine, TemplateDoesNotExist, engines
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.test import RequestFactory, override_settings
from django.urls import path
from testapp.models import Tag

from django_unblock import arender, bridge
from django_unblock.asgi import get_asgi_application


class Recorded(QuerySet[Tag]):
    """Notes when it begins and ends to be read."""

    events: ClassVar[list[str]] = []

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self.events.append(f"{self.query.high_mark} begins")
            super()._fetch_all()
            self.events.append(f"{self.query.high_mark} ends")


def books() -> dict[str, Any]:
    return {"books": Recorded(Tag)[:1]}


def tags(_request: HttpRequest) -> dict[str, Any]:
    """A context processor."""
    return {"tags": Recorded(Tag)[:2]}


def shown(request: HttpRequest) -> HttpResponse:
    return render(request, "page.html", books())


def prepared(request: HttpRequest) -> TemplateResponse:
    return TemplateResponse(request, "page.html", books())


def text(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("page.html", books(), request))


def without_request(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("page.html", {**books(), **tags(request)}))


def by_hand(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        ENGINE.get_template("page.html").render(Context({**books(), **tags(request)}))
    )


async def awaited(request: HttpRequest) -> HttpResponse:
    return await arender(request, "page.html", books())


async def prepared_async(request: HttpRequest) -> TemplateResponse:
    return TemplateResponse(request, "page.html", books())


async def shown_async(request: HttpRequest) -> HttpResponse:
    return render(request, "page.html", books())


SYNC = {view.__name__: view for view in (shown, prepared, text, without_request, by_hand)}
ASYNC = {view.__name__: view for view in (awaited, prepared_async, shown_async)}
urlpatterns = [path(f"{name}/", view) for name, view in {**SYNC, **ASYNC}.items()]

TOGETHER = ["1 begins", "2 begins"]
ONE_BY_ONE = ["1 begins", "1 ends", "2 begins", "2 ends"]


@pytest.fixture(autouse=True)
def project() -> Iterator[None]:
    Recorded.events.clear()
    django = {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {**OPTIONS, "context_processors": [f"{__name__}.tags"]},
    }
    jinja = {"BACKEND": "django.template.backends.jinja2.Jinja2"}
    with override_settings(ROOT_URLCONF=sys.modules[__name__], TEMPLATES=[django, jinja]):
        yield


async def served(name: str) -> list[str]:
    answer = await Client(get_asgi_application()).get(f"/{name}/")
    assert (answer.status, answer.body) == (200, b"11")
    return Recorded.events


@pytest.mark.parametrize("name", SYNC)
async def test_a_view_on_the_loop(name: str) -> None:
    with override_settings(UNBLOCK={"SYNC_VIEWS": "loop"}):
        events = await served(name)
    assert events[:2] == TOGETHER


@pytest.mark.parametrize("name", ASYNC)
async def test_an_async_view(name: str) -> None:
    events = await served(name)
    assert events[:2] == TOGETHER


async def test_a_view_in_a_thread() -> None:
    assert await served("shown") == ONE_BY_ONE


async def test_what_a_view_in_a_thread_leaves_to_the_handler() -> None:
    events = await served("prepared")
    assert events[:2] == TOGETHER


@pytest.mark.parametrize("name", SYNC)
def test_plain_code(name: str) -> None:
    response: Any = SYNC[name](RequestFactory().get("/"))
    if name == "prepared":
        response.render()
    assert Recorded.events == ONE_BY_ONE


async def test_another_engine() -> None:
    template = engines["jinja2"].from_string("{{ books|length }}{{ tags|length }}")
    values = {**books(), **tags(RequestFactory().get("/"))}
    assert await bridge.run(template.render, values) == "11"
    assert Recorded.events == ONE_BY_ONE


def test_a_parent_that_is_missing_is_told_with_where_it_was_looked_for() -> None:
    kept = ("django.template.loaders.locmem.Loader", {"page.html": "{% extends 'missing.html' %}"})
    engine = Engine(loaders=[("django.template.loaders.cached.Loader", [kept])])
    template = engine.get_template("page.html")
    with pytest.raises(TemplateDoesNotExist) as caught:
        asyncio.run(bridge.run(template.render, Context()))
    assert [origin.template_name for origin, _ in caught.value.tried] == ["missing.html"]

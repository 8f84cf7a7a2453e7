"""`arender` answers what `render` does, with the same queries, off the loop's back."""

import asyncio
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.test import Client, RequestFactory, TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path
from testapp.models import Author, Book, Tag

from django_unblock import arender, bridge

PAGES = {
    "page.html": "{% for b in books %}{{ b.title }} by {{ b.author.name }}{% endfor %}"
    "{% for t in tags %}{{ t.name }}{% endfor %}{{ user }}",
    "plain.html": "plain",
}
in_pages = override_settings(
    ROOT_URLCONF=sys.modules[__name__],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [("django.template.loaders.locmem.Loader", PAGES)],
                "context_processors": ["django.contrib.auth.context_processors.auth"],
            },
        }
    ],
)


def context() -> dict[str, QuerySet[Any]]:
    return {"books": Book.objects.all(), "tags": Tag.objects.all()}


def sync_page(request: HttpRequest) -> HttpResponse:
    return render(request, "page.html", context())


async def async_page(request: HttpRequest) -> HttpResponse:
    return await arender(request, "page.html", context())


urlpatterns = [path("sync/", sync_page), path("async/", async_page)]


@in_pages
class SamePage(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        Book.objects.create(title="B", author=Author.objects.create(name="A"))
        Tag.objects.create(name="T")

    def test_same_response_and_queries(self) -> None:
        pages = {}
        for url in ("/sync/", "/async/"):
            with CaptureQueriesContext(connection) as queries:
                response = Client().get(url)
            pages[url] = (response.content, sorted(query["sql"] for query in queries))
        assert pages["/sync/"] == pages["/async/"]
        assert pages["/sync/"][0] == b"B by ATAnonymousUser"
        assert len(pages["/sync/"][1]) == 3

    def test_querysets_stay_querysets(self) -> None:
        async def page() -> dict[str, QuerySet[Any]]:
            given = context()
            await arender(RequestFactory().get("/"), "plain.html", given)
            return given

        given = asyncio.run(bridge.drive(page()))
        assert all(isinstance(value, QuerySet) for value in given.values())


def rendered(**keywords: Any) -> Callable[[], HttpResponse]:
    request = RequestFactory().get("/")
    return lambda: asyncio.run(arender(request, **keywords))


@in_pages
def test_status_and_content_type() -> None:
    response = rendered(template_name="plain.html", status=404, content_type="text/plain")()
    assert (response.status_code, response["Content-Type"]) == (404, "text/plain")


@in_pages
def test_the_first_of_several_templates() -> None:
    assert rendered(template_name=["none.html", "plain.html"])().content == b"plain"


@in_pages
def test_no_such_template() -> None:
    with pytest.raises(TemplateDoesNotExist, match=r"none\.html"):
        rendered(template_name="none.html")()

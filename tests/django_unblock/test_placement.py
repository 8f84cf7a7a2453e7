import asyncio
import threading
from types import ModuleType

import pytest
from asgi_client import Client
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.http import require_GET

from django_unblock import in_thread, on_loop
from django_unblock.asgi import Handler


def here(request):
    return HttpResponse(threading.current_thread().name)


def plain(request):
    return here(request)


@on_loop
def placed_on_loop(request):
    return here(request)


@require_GET
@in_thread
def placed_in_thread(request):
    return here(request)


@method_decorator(on_loop, name="dispatch")
class Placed(View):
    def get(self, request):
        return here(request)


class Inherited(Placed):
    pass


async def awaited(request):
    return here(request)


urls = ModuleType("placed_urls")
urls.urlpatterns = [  # type: ignore[attr-defined]
    path("plain/", plain),
    path("loop/", placed_on_loop),
    path("thread/", placed_in_thread),
    path("class/", Placed.as_view()),
    path("inherited/", Inherited.as_view()),
    path("awaited/", awaited),
]


def thread_of(url: str) -> str:
    return asyncio.run(Client(Handler()).get(url)).body.decode()


ON_LOOP = threading.current_thread().name


@pytest.mark.parametrize("setting", ["thread", "loop"])
class TestWhereAViewRuns:
    @pytest.fixture(autouse=True)
    def settings(self, setting):
        with override_settings(ROOT_URLCONF=urls, UNBLOCK={"SYNC_VIEWS": setting}):
            yield

    def test_as_the_setting_says(self, setting):
        assert (thread_of("/plain/") == ON_LOOP) is (setting == "loop")

    @pytest.mark.parametrize("url", ["/loop/", "/class/", "/inherited/", "/awaited/"])
    def test_on_the_loop_whatever_it_says(self, url, setting):
        assert thread_of(url) == ON_LOOP

    def test_in_a_thread_whatever_it_says(self, setting):
        assert thread_of("/thread/").startswith("unblock")


@pytest.mark.parametrize("decorator", [on_loop, in_thread])
def test_an_async_view_is_refused(decorator):
    with pytest.raises(TypeError, match="awaited is an async view"):
        decorator(awaited)

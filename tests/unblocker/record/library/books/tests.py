import urllib.request
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.test import LiveServerTestCase, RequestFactory, TestCase

from .models import Book
from .views import Shelf, broken, counts, waiting


class ClientTests(TestCase):
    databases = "__all__"

    def setUp(self):
        Book.objects.create(title="First")

    def test_each_view(self):
        for path in ("/", "/", "/page/", "/shelves/3/?of=secret", "/waiting/", "/archived/"):
            assert self.client.get(path).status_code == 200

    def test_threads(self):
        assert self.client.get("/threaded/").status_code == 200

    def test_a_cache_that_fails(self):
        with (
            mock.patch(
                "django.core.cache.backends.locmem.LocMemCache.get", side_effect=ConnectionError
            ),
            pytest.raises(ConnectionError),
        ):
            self.client.get("/threaded/")

    def test_an_error(self):
        with pytest.raises(RuntimeError):
            self.client.get("/broken/")

    def test_nowhere(self):
        assert self.client.get("/nowhere/").status_code == 404

    def test_a_form(self):
        self.client.force_login(User.objects.create(username="ann"))
        assert self.client.get("/guarded/").status_code == 200
        self.client.post("/add/?via=form", {"title": "Second"})

    async def test_in_a_loop(self):
        assert (await self.async_client.get("/waiting/")).status_code == 200


class DirectTests(TestCase):
    def test_called(self):
        assert counts(RequestFactory().get("/")).status_code == 200
        Book.objects.count()
        Shelf.as_view()(RequestFactory().get("/"), pk=3)

    def test_raising(self):
        with pytest.raises(RuntimeError):
            broken(RequestFactory().get("/"))
        Book.objects.count()

    async def test_awaited(self):
        await waiting(RequestFactory().get("/"))


class ServedTests(LiveServerTestCase):
    def test_served(self):
        with urllib.request.urlopen(self.live_server_url) as answer:
            assert answer.status == 200

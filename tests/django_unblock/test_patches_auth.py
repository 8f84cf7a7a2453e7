"""``request.auser()`` and ``request.user`` read the user once between them."""

import asyncio

from django.contrib.auth.decorators import login_required
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import User
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory, TestCase
from django.test.utils import CaptureQueriesContext

from django_unblock import bridge


@login_required
async def greet(request):
    return HttpResponse(request.user.username)


class OneUser(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = User.objects.create_user("ann", password="x")

    def request_as_user(self):
        self.client.force_login(self.user)
        request = RequestFactory().get("/")
        request.COOKIES = {name: morsel.value for name, morsel in self.client.cookies.items()}
        SessionMiddleware(lambda _: None).process_request(request)
        AuthenticationMiddleware(lambda _: None).process_request(request)
        return request

    def user_reads(self, request):
        async def answered():
            return await bridge.drive(greet(request))

        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = asyncio.run(answered())
        assert response.content == b"ann"
        return [query["sql"] for query in queries if 'FROM "auth_user"' in query["sql"]]

    def test_the_decorator_and_the_view_share_it(self):
        assert len(self.user_reads(self.request_as_user())) == 1

    def test_also_where_middleware_has_read_it_before(self):
        request = self.request_as_user()
        assert request.user.username == "ann"
        assert self.user_reads(request) == []

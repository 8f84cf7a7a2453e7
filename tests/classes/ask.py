"""Ask every view of the shop in this folder, in each way it can be served, and print what it answers as JSON.

By the test client, by the asynchronous one and, with `asgi`, through the runtime's ASGI application; without it, what
the test client is given stands for that, too.
"""

import asyncio
import json
import logging
import sys
from pathlib import Path

import django

ASKED = (("get", ""), ("get", "?refused=1"), ("post", ""), ("put", ""), ("options", ""))
SENT = {"name": "new", "rating": "3"}


def main() -> None:
    """Ask everything, in a database of its own."""
    logging.disable()
    sys.path.insert(0, str(Path.cwd()))
    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    connection.creation.create_test_db(verbosity=0)
    json.dump(ask(by_asgi if "asgi" in sys.argv else by_client), sys.stdout)


def ask(by_server):
    """A line for each request: its answer, and what the database holds then."""
    user = make_rows()
    answers = []
    for path in paths():
        for method, query in ASKED:
            for visitor in (None, user):
                for name, way in (
                    ("client", by_client),
                    ("async client", by_async_client),
                    ("server", by_server),
                ):
                    told = way(f"{path}{query}", method, visitor)
                    answers.append(f"{method} {path}{query} {visitor} {name}: {told} {counts()}")
    return answers


def make_rows():
    from django.contrib.auth.models import User
    from shop.models import Category, Order, Product, Review, Tag

    user = User.objects.create(username="ada")
    category = Category.objects.create(name="books")
    for number in range(3):
        one = Product.objects.create(category=category, name=f"book {number}")
        Review.objects.create(product=one, rating=5)
        Order.objects.create(user=user, total=number)
        Tag.objects.create(name=f"tag {number}")
    return user


def counts():
    from shop.models import Category, Order, Product, Review, Tag

    return [model.objects.count() for model in (Category, Order, Product, Review, Tag)]


def paths():
    """A path for each view; two for one of a row: one that is there, one that is not."""
    from django.urls import get_resolver

    found = []
    for outer in get_resolver().url_patterns:
        for inner in outer.url_patterns:
            route = f"/{outer.pattern}{inner.pattern}"
            keys = ("1", "999") if "<int:pk>" in route else ("",)
            found += [route.replace("<int:pk>", key) for key in keys]
    return found


def told(status, content, headers):
    kept = {
        name.lower(): value
        for name, value in headers
        if not name.lower().startswith(("content-", "expires", "set-cookie"))
    }
    return f"{status} {content!r} {sorted(kept.items())}"


def by_client(path, method, visitor):
    from django.test import Client

    client = Client(raise_request_exception=False)
    if visitor:
        client.force_login(visitor)
    response = getattr(client, method)(path, *([SENT] if method == "post" else []))
    return told(response.status_code, response.content, response.items())


def by_async_client(path, method, visitor):
    return asyncio.run(_by_async_client(path, method, visitor))


async def _by_async_client(path, method, visitor):
    from django.test import AsyncClient

    client = AsyncClient(raise_request_exception=False)
    if visitor:
        await client.aforce_login(visitor)
    response = await getattr(client, method)(path, *([SENT] if method == "post" else []))
    return told(response.status_code, response.content, response.items())


def by_asgi(path, method, visitor):
    from django.test import Client

    client = Client()
    if visitor:
        client.force_login(visitor)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    return asyncio.run(_by_asgi(path, method, cookies))


async def _by_asgi(path, method, cookies):
    import httpx
    from config.asgi import application

    from django_unblock import lifespan

    transport = httpx.ASGITransport(application, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://testserver", cookies=cookies
    ) as client:
        response = await client.request(method, path, data=SENT if method == "post" else None)
    await lifespan.stop()
    return told(response.status_code, response.content, response.headers.items())


if __name__ == "__main__":
    main()

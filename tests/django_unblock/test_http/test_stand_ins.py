"""Tests written for requests go on working: what they replace answers for the converted code."""

import asyncio
from typing import Any
from unittest import mock

import pytest
import requests
import responses
from django.core import mail

from django_unblock import http

type Server = Any


@pytest.mark.parametrize("name", ["get", "post", "put", "patch", "delete", "head", "options"])
def test_a_patched_function_answers_and_sees_the_very_call(name: str) -> None:
    with mock.patch(f"requests.{name}") as patched:
        patched.return_value.json.return_value = {"paid": True}
        response = asyncio.run(getattr(http, name)("https://a.test/pay", timeout=5))
    assert response.json() == {"paid": True}
    patched.assert_called_once_with("https://a.test/pay", timeout=5)


def test_a_patched_function_raises() -> None:
    refused = mock.patch("requests.get", side_effect=requests.ConnectionError("down"))
    with refused, pytest.raises(requests.ConnectionError, match="down"):
        asyncio.run(http.get("https://a.test/"))


@pytest.mark.parametrize(
    "beneath", ["requests.sessions.Session.request", "requests.sessions.Session.send"]
)
def test_something_beneath_is_patched(beneath: str) -> None:
    with mock.patch(beneath) as patched:
        answer = asyncio.run(http.get("https://a.test/"))
    assert answer is patched.return_value


@responses.activate
def test_the_responses_library() -> None:
    responses.post("https://a.test/pay", json={"id": 7}, status=201)
    response = asyncio.run(http.post("https://a.test/pay", json={"amount": 3}))
    assert (response.status_code, response.json()) == (201, {"id": 7})
    assert responses.calls[0].request.body == b'{"amount": 3}'


def test_nothing_replaced_is_our_own_call(server: Server) -> None:
    response = asyncio.run(http.get(server.url))
    assert isinstance(response, requests.Response)


def test_outside_of_tests_nothing_is_looked_for(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(mail, "outbox")
    with mock.patch("requests.get") as patched:
        response = asyncio.run(http.get(server.url))
    assert response.status_code == 200
    patched.assert_not_called()

"""Everything together, as a command starts it."""

import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import boto3
import psycopg
import pytest

from unblocker.errors import UnblockError
from unblocker.services import ports, postgres, s3, stack
from unblocker.services.environment import ServiceOptions
from unblocker.services.processes import Supervisor

API = """
import os

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        return
    body = os.environ["UPSTREAM_DELAY_MS"].encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = postgres.temporary_folder()
    yield folder
    shutil.rmtree(folder)


def test_all_services_answer_and_none_is_left(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "api.py").write_text(API)
    options = ServiceOptions("api:app", upstream_delay_ms=12.5, s3_bucket="documents")
    with Supervisor() as supervisor:
        services = stack.start(supervisor, options, tmp_path, folder, "app").services
        assert services.upstream
        assert services.s3
        with urllib.request.urlopen(services.upstream.url) as answer:
            assert answer.read() == b"12.5"
        place = services.database
        for port in (place.port, place.near_port):
            with psycopg.connect(host=place.host, port=port, user=place.user, dbname="app") as link:
                assert link.execute("SELECT current_database()").fetchone() == ("app",)
        client = boto3.client(
            "s3",
            endpoint_url=services.s3.url,
            region_name=s3.REGION,
            aws_access_key_id=s3.ACCESS_KEY,
            aws_secret_access_key=s3.SECRET_KEY,
        )
        client.put_object(Bucket="documents", Key="a", Body=b"content")
        assert client.get_object(Bucket="documents", Key="a")["Body"].read() == b"content"
        used = [place.port, place.near_port, services.smtp.port, services.s3.port]
        assert all(map(ports.answers, used))
    assert not any(map(ports.answers, [*used, services.upstream.port]))


def test_what_was_not_asked_for_does_not_run(folder: Path, tmp_path: Path) -> None:
    with Supervisor() as supervisor:
        services = stack.start(supervisor, ServiceOptions(), tmp_path, folder, "app").services
        assert (services.upstream, services.s3) == (None, None)


def test_an_api_that_cannot_be_imported_is_reported(folder: Path, tmp_path: Path) -> None:
    options = ServiceOptions("missing:app")
    with Supervisor() as supervisor, pytest.raises(UnblockError) as caught:
        stack.start(supervisor, options, tmp_path, folder, "app")
    assert caught.value.code == "U060"
    assert "missing" in caught.value.hint

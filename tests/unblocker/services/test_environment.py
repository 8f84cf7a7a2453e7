from pathlib import Path

import pytest

from unblocker.errors import UnblockError
from unblocker.services.environment import S3, Database, Services, Smtp, Upstream, fill

SERVICES = Services(
    database=Database(port=6543, near_port=5432, name="app"),
    smtp=Smtp(2525, Path("mail.jsonl")),
    upstream=Upstream(9000, "http://127.0.0.1:9000"),
    s3=S3(9001, "http://127.0.0.1:9001", "bucket"),
)


def test_placeholders_are_filled_and_the_rest_is_kept() -> None:
    template = {
        "URL": "postgres://{database.user}@{database.host}:{database.port}/{database.name}",
        "API": "{upstream.url}/v1",
        "JSON": '{"a": {"b": 1}}',
        "EMPTY": "{database.password}",
    }
    assert fill(template, SERVICES) == {
        "URL": "postgres://postgres@127.0.0.1:6543/app",
        "API": "http://127.0.0.1:9000/v1",
        "JSON": '{"a": {"b": 1}}',
        "EMPTY": "",
    }


@pytest.mark.parametrize("text", ["{redis.url}", "{database.prot}", "{database.__class__}"])
def test_a_placeholder_that_names_nothing_is_an_error(text: str) -> None:
    with pytest.raises(UnblockError) as caught:
        fill({"WANTED": text}, SERVICES)
    assert caught.value.code == "U064"
    assert "WANTED" in caught.value.text
    assert "database.port" in caught.value.hint


def test_a_service_that_was_not_asked_for_cannot_be_named() -> None:
    services = Services(SERVICES.database, SERVICES.smtp)
    with pytest.raises(UnblockError) as caught:
        fill({"API": "{upstream.url}"}, services)
    assert "upstream" not in caught.value.hint


def test_another_database_and_the_near_port_change_nothing_else() -> None:
    changed = SERVICES.with_database("copy").near()
    template = {"A": "{database.name} {database.port} {smtp.port}"}
    assert fill(template, changed) == {"A": "copy 5432 2525"}
    assert fill(template, SERVICES) == {"A": "app 6543 2525"}

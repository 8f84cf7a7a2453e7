"""What `with` does by itself."""

import pytest

from .conftest import Surveyed, survey_of

FILES = {
    "books/models.py": "",
    "urls.py": """
from contextlib import suppress
from django.core.mail import get_connection
from django.http import HttpResponse

def connected(request):
    with get_connection():
        return HttpResponse()

def kept_open(request):
    connection = get_connection()
    return HttpResponse(connection.fail_silently)

def harmless(request):
    with suppress(ValueError):
        return HttpResponse()
""",
}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Surveyed:
    return survey_of(tmp_path_factory.mktemp("with"), FILES)


@pytest.mark.parametrize(
    ("name", "operations"),
    [("connected", ["~django_mail.send_messages > mail"]), ("kept_open", []), ("harmless", [])],
)
def test_entering(books: Surveyed, name: str, operations: list[str]) -> None:
    assert [line for line in books.told(f"urls:{name}") if "mail" in line] == operations
    assert "unknown" not in " ".join(books.told(f"urls:{name}"))

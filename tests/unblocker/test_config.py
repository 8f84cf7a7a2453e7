from pathlib import Path

import pytest

from unblocker.config import Config, load_config
from unblocker.errors import UnblockError


def configured(folder: Path, text: str) -> Config:
    (folder / "pyproject.toml").write_text(text)
    return load_config(folder)


def test_everything_has_a_default(tmp_path: Path) -> None:
    assert load_config(tmp_path) == Config()
    assert configured(tmp_path, "[project]\nname = 'x'\n") == Config()


def test_the_section_is_read(tmp_path: Path) -> None:
    config = configured(
        tmp_path,
        """
        [tool.django-unblock]
        settings = "shop.settings"
        mail = "await"
        [tool.django-unblock.costs]
        query = 12
        [tool.django-unblock.demo]
        wsgi = "shop.wsgi:application"
        asgi = "shop.asgi:application"
        [[tool.django-unblock.demo.bench]]
        view = "app.views.page"
        path = "/page/"
        as = "alice"
        """,
    )
    assert (config.settings, config.mail, config.costs.query) == ("shop.settings", "await", 12)
    assert config.demo is not None
    assert config.demo.bench[0].as_user == "alice"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[tool.django-unblock]\nsetings = 'x'\n", "setings"),
        ("[tool.django-unblock.costs]\nquery = 'slow'\n", "query"),
        ("[tool.django-unblock.costs]\nhttp = -1\n", "http"),
        ("[tool.django-unblock.costs]\nloop_turns = 0\n", "loop_turns"),
        ("[tool.django-unblock]\nmail = 'later'\n", "mail"),
    ],
)
def test_a_wrong_key_or_value_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(UnblockError, match=f"U002.*{told}"):
        configured(tmp_path, text)


def test_broken_toml_is_named_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(UnblockError, match=r"U001 .*pyproject\.toml:2: "):
        configured(tmp_path, "[tool]\nx = \n")


def test_costs_of_what_is_made_of_others_are_nothing() -> None:
    costs = Config().costs
    assert [costs.of(kind) for kind in ("template", "helper", "transaction")] == [0, 0, 0]
    assert costs.of("http") == costs.http

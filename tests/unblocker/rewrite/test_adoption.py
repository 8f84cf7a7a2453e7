"""Settings and the ASGI module, where they are spelt out; a word to the user where they are not."""

from pathlib import Path

import pytest

from unblocker.records.plan import Adoption
from unblocker.rewrite.adoption import adopt

DATABASES = """\
DATABASES = {
    "default": {
        # The main one.
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "shop",
        # Keep connections
        # for a minute.
        "CONN_MAX_AGE": 60,  # seconds
        "HOST": "db",  # in the rack
    },
    'replica': {
        'ENGINE': 'django.db.backends.postgresql',
        'CONN_MAX_AGE': None
    },
    "sqlite": {"ENGINE": "django.db.backends.sqlite3", "NAME": "x"},
    "small": {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 1, "NAME": "x"},
    "last": {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 1},
}
"""


@pytest.fixture
def settings(tmp_path):
    """Adopts in settings with the given text; gives the new text and the codes of the problems."""

    def run(text, *, aliases=(), add_app=False, asgi_file="asgi.py"):
        (tmp_path / "settings.py").write_bytes(text.encode())
        (tmp_path / "asgi.py").write_text("from django_unblock.asgi import get_asgi_application\n")
        adopted = adopt(Adoption(("settings.py",), tuple(aliases), add_app, asgi_file), tmp_path)
        files = {change.path: change.after for change in adopted.files}
        compile(files.get("settings.py", ""), "settings.py", "exec")
        return files.get("settings.py", text), [problem.code for problem in adopted.problems]

    return run


def replaced(text, *pairs):
    for old, new in pairs:
        assert text.count(old) >= 1
        text = text.replace(old, new, 1)
    return text


def test_the_engine_of_one_alias_and_its_age(settings):
    after, problems = settings(DATABASES, aliases=["default"])
    assert problems == []
    assert after == replaced(
        DATABASES,
        ('"django.db.backends.postgresql"', '"django_unblock.db.postgresql"'),
        (
            '        # Keep connections\n        # for a minute.\n        "CONN_MAX_AGE": 60,  # seconds\n',
            "",
        ),
    )


def test_an_entry_without_a_comma_behind_it(settings):
    after, problems = settings(DATABASES, aliases=["replica"])
    assert problems == []
    assert after == replaced(
        DATABASES,
        ("'django.db.backends.postgresql',\n        'CONN_MAX_AGE': None\n", "'django_unblock.db.postgresql',\n"),
    )  # fmt: skip


def test_several_entries_on_a_line(settings):
    after, problems = settings(DATABASES, aliases=["small", "last"])
    assert problems == []
    assert '    "small": {"ENGINE": "django_unblock.db.postgresql", "NAME": "x"},\n' in after
    assert '    "last": {"ENGINE": "django_unblock.db.postgresql"},\n' in after


@pytest.mark.parametrize(
    ("stock", "ours"),
    [
        ("django.contrib.gis.db.backends.postgis", "django_unblock.db.postgis"),
        ("django.db.backends.mysql", "django_unblock.db.mysql"),
        ("django.db.backends.sqlite3", "django_unblock.db.sqlite3"),
    ],
)
def test_each_engine_gets_the_one_that_takes_its_place(settings, stock, ours):
    text = f'DATABASES = {{"default": {{"ENGINE": "{stock}"}}}}\n'
    assert settings(text, aliases=["default"]) == (text.replace(stock, ours), [])


def test_crlf_stays(settings):
    after, _ = settings(DATABASES.replace("\n", "\r\n"), aliases=["default"])
    assert after.count("\n") == after.count("\r\n")


def test_adopting_twice_changes_nothing(settings):
    after, _ = settings(DATABASES, aliases=["default"])
    assert settings(after, aliases=["default"]) == (after, [])


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (
            'DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"\n',
            'DATABASES["default"]["ENGINE"] = "django_unblock.db.postgresql"\n',
        ),
        (
            "DATABASES: dict = {}\nDATABASES['default'] = {'ENGINE': 'django.db.backends.postgresql'}\n",
            "DATABASES: dict = {}\nDATABASES['default'] = {'ENGINE': 'django_unblock.db.postgresql'}\n",
        ),
        (
            "if X:\n    DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}\n",
            "if X:\n    DATABASES = {'default': {'ENGINE': 'django_unblock.db.postgresql'}}\n",
        ),
    ],
)
def test_other_ways_of_spelling_it_out(settings, text, after):
    assert settings(text, aliases=["default"]) == (after, [])


@pytest.mark.parametrize(
    "text",
    [
        'DATABASES = {"default": env.db()}\n',
        'DATABASES = {"default": {"ENGINE": env("ENGINE", "django.db.backends.postgresql")}}\n',
        'DATABASES = {"default": {"ENGINE": "django.db.backends.oracle"}}\n',
        'DATABASES = {name: {"ENGINE": "django.db.backends.postgresql"} for name in names}\n',
        'OTHERS = {"default": {"ENGINE": "django.db.backends.postgresql"}}\n',
        'DATABASES = {"replica": {"ENGINE": "django.db.backends.postgresql"}}\n',
        "",
    ],
)
def test_an_engine_that_is_not_spelt_out_is_left_to_the_user(settings, text):
    assert settings(text, aliases=["default"]) == (text, ["U610"])


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (
            'INSTALLED_APPS = [\n    "django.contrib.auth",  # users\n    "shop",\n]\n',
            'INSTALLED_APPS = [\n    "django.contrib.auth",  # users\n    "django_unblock",\n    "shop",\n]\n',
        ),
        (
            "INSTALLED_APPS = (\n\t'shop',\n\t'django.contrib.auth'\n)\n",
            "INSTALLED_APPS = (\n\t'shop',\n\t'django.contrib.auth',\n\t'django_unblock'\n)\n",
        ),
        (
            'INSTALLED_APPS = ["django.contrib.auth", "shop"]\n',
            'INSTALLED_APPS = ["django.contrib.auth", "django_unblock", "shop"]\n',
        ),
        ('INSTALLED_APPS = ["shop"]\n', 'INSTALLED_APPS = ["shop", "django_unblock"]\n'),
        (
            'A = ["shop"]\nB = [\n    "django.apps",\n]\nINSTALLED_APPS = A + B\n',
            'A = ["shop"]\nB = [\n    "django.apps",\n    "django_unblock",\n]\nINSTALLED_APPS = A + B\n',
        ),
        (
            'OURS = ["shop"]\nINSTALLED_APPS = [*OURS, "theirs"]\n',
            'OURS = ["shop"]\nINSTALLED_APPS = [*OURS, "theirs", "django_unblock"]\n',
        ),
        ('INSTALLED_APPS = ["django_unblock"]\n', 'INSTALLED_APPS = ["django_unblock"]\n'),
        (
            'INSTALLED_APPS = ["a"] + ["django_unblock"]\n',
            'INSTALLED_APPS = ["a"] + ["django_unblock"]\n',
        ),
    ],
)  # fmt: skip
def test_our_app(settings, text, after):
    assert settings(text, add_app=True) == (after, [])


@pytest.mark.parametrize(
    "text",
    [
        "INSTALLED_APPS = env.list()\n",
        "INSTALLED_APPS += ['x']\n",
        "INSTALLED_APPS = INSTALLED_APPS\n",
        "INSTALLED_APPS = []\n",
    ],
)
def test_apps_that_are_not_spelt_out_are_left_to_the_user(settings, text):
    assert settings(text, add_app=True) == (text, ["U611"])


@pytest.mark.parametrize(
    ("text", "after", "codes"),
    [
        (
            "import os\n\nfrom django.core.asgi import get_asgi_application  # ours\n",
            "import os\n\nfrom django_unblock.asgi import get_asgi_application  # ours\n",
            [],
        ),
        ("import django.core.asgi\n", None, ["U612"]),
        ("from django_unblock.asgi import get_asgi_application\n", None, []),
    ],
)
def test_the_asgi_module(tmp_path, text, after, codes):
    (tmp_path / "asgi.py").write_text(text)
    adopted = adopt(Adoption((), (), add_app=False, asgi_file="asgi.py"), tmp_path)
    assert [change.after for change in adopted.files] == ([after] if after else [])
    assert [problem.code for problem in adopted.problems] == codes


def test_no_asgi_module_is_left_to_the_user(tmp_path):
    adopted = adopt(Adoption((), (), add_app=False, asgi_file=None), tmp_path)
    assert [problem.code for problem in adopted.problems] == ["U612"]


def test_split_settings_change_where_each_thing_is_said(tmp_path):
    (tmp_path / "base.py").write_text('INSTALLED_APPS = ["shop"]\n')
    (tmp_path / "production.py").write_text(
        "from base import *\nINSTALLED_APPS = [*INSTALLED_APPS, 'extra']\n"
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}\n"
    )
    (tmp_path / "asgi.py").write_text("from django.core.asgi import get_asgi_application\n")
    adoption = Adoption(
        ("base.py", "production.py"), ("default",), add_app=True, asgi_file="asgi.py"
    )
    adopted = adopt(adoption, tmp_path)
    assert adopted.problems == ()
    files = {change.path: change.after for change in adopted.files}
    assert files["base.py"] == 'INSTALLED_APPS = ["shop", "django_unblock"]\n'
    assert "INSTALLED_APPS = [*INSTALLED_APPS, 'extra']\n" in files["production.py"]
    assert "django_unblock.db.postgresql" in files["production.py"]
    assert set(files) == {"base.py", "production.py", "asgi.py"}


def test_nothing_to_adopt():
    assert adopt(None, Path("/nowhere")).files == ()

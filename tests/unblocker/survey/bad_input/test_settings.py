"""Which settings are loaded, and what comes of settings that can't be."""

from pathlib import Path

import pytest

from .projects import FILES, SETTINGS, make, survey, write

OTHER = SETTINGS + "\nNAMED = 'other'\n"


def without_manage(folder: Path, files: dict[str, str | bytes]) -> Path:
    write(folder, {name: text for name, text in FILES.items() if name != "manage.py"})
    write(folder, {"other.py": OTHER, **files})
    return folder


NAMING = {
    "pyproject.toml": "[tool.django-unblock]\nsettings = 'other'\n",
    "pytest.ini": "[pytest]\nDJANGO_SETTINGS_MODULE = other\n",
    "tox.ini": "[pytest]\nDJANGO_SETTINGS_MODULE = other\n",
    "setup.cfg": "[tool:pytest]\naddopts = %x\nDJANGO_SETTINGS_MODULE = other\n",
}


@pytest.mark.parametrize("name", NAMING)
def test_a_file_names_them_and_no_manage_py_is_needed(tmp_path: Path, name: str) -> None:
    folder = without_manage(tmp_path / "project", {name: NAMING[name]})
    assert survey(folder).survey.project.settings == "other"


@pytest.mark.parametrize("section", ["tool.pytest.ini_options", "tool.pytest"])
def test_pyproject_names_them_for_pytest(tmp_path: Path, section: str) -> None:
    text = f"[{section}]\nDJANGO_SETTINGS_MODULE = 'other'\n"
    folder = without_manage(tmp_path / "project", {"pyproject.toml": text})
    assert survey(folder).survey.project.settings == "other"


def test_the_option_and_the_environment_name_them(tmp_path: Path) -> None:
    folder = without_manage(tmp_path / "project", {})
    assert survey(folder, "--settings=other").survey.project.settings == "other"
    assert survey(folder, DJANGO_SETTINGS_MODULE="other").survey.project.settings == "other"


def test_the_option_comes_first_then_pyproject_then_the_environment(tmp_path: Path) -> None:
    pyproject = "[tool.django-unblock]\nsettings = 'second'\n"
    files = dict.fromkeys(("first.py", "second.py", "third.py"), SETTINGS)
    folder = make(tmp_path / "project", {**files, "pyproject.toml": pyproject})
    first = survey(folder, "--settings=first", DJANGO_SETTINGS_MODULE="third")
    assert first.survey.project.settings == "first"
    second = survey(folder, DJANGO_SETTINGS_MODULE="third")
    assert second.survey.project.settings == "second"
    (folder / "pyproject.toml").unlink()
    assert survey(folder, DJANGO_SETTINGS_MODULE="third").survey.project.settings == "third"
    assert survey(folder).survey.project.settings == "conf"


def test_nobody_names_them(tmp_path: Path) -> None:
    folder = without_manage(tmp_path / "project", {"setup.cfg": "[metadata]\nname = x\n"})
    assert survey(folder).code == "U020"
    write(folder, {"manage.py": "import sys\n"})
    assert survey(folder).code == "U021"


@pytest.mark.parametrize("text", ["settings = (\n", "a\0b\n", "print 'manage'\n"])
def test_a_manage_py_that_is_not_python(tmp_path: Path, text: str) -> None:
    assert survey(make(tmp_path / "project", {"manage.py": text})).code == "U025"


BROKEN = {
    "raises": "raise RuntimeError('no')\n",
    "exits": "import sys\nsys.exit()\n",
    "exits with a text": "raise SystemExit('no secrets')\n",
    "needs a variable": "import os\nSECRET_KEY = os.environ['NOBODY_SET_THIS']\n",
    "misses a package": "import a_package_nobody_has\n",
    "goes in circles": "from app.circle import X\n",
    "have no list of apps": "INSTALLED_APPS = 3\n",
}


@pytest.mark.parametrize("how", BROKEN)
def test_settings_that_cannot_be_loaded_are_told_with_their_line(tmp_path: Path, how: str) -> None:
    files = {"conf.py": BROKEN[how], "app/circle.py": "import conf\nX = conf.Y\n"}
    ended = survey(make(tmp_path / "project", files))
    assert ended.code == "U022"
    if how != "have no list of apps":
        where = "app/circle.py:2" if how == "goes in circles" else "conf.py:"
        assert f"error: U022 {where}" in ended.errors


def test_what_settings_print_is_not_output(tmp_path: Path) -> None:
    loud = SETTINGS + "\nprint('loading')\nimport sys\nsys.stderr.write('really')\n"
    ended = survey(make(tmp_path / "project", {"conf.py": loud}), "--format=json")
    assert ended.output.startswith("{")
    assert "loading" not in ended.output
    assert ended.survey.views


def test_imports_in_a_circle_are_told_where_they_break(tmp_path: Path) -> None:
    files = {
        "app/views.py": "from app.helpers import help\n\ndef fine(request): ...\n",
        "app/helpers.py": "from app.views import fine\n\ndef help(): ...\n",
    }
    ended = survey(make(tmp_path / "project", files))
    assert ended.code == "U027"
    assert "app/helpers.py:1" in ended.errors


def test_a_project_without_users(tmp_path: Path) -> None:
    settings = SETTINGS.replace('"django.contrib.contenttypes", "django.contrib.auth", "app"', "")
    view = "from django.http import HttpResponse\n\ndef fine(request):\n    return HttpResponse(request.user)\n"
    write(tmp_path, {**FILES, "conf.py": settings, "app/views.py": view})
    told = survey(tmp_path).survey
    assert [one.kind for one in told.views] == ["function"]
    assert not told.problems

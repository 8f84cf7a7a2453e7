import shutil
from pathlib import Path

import pytest

from unblocker.records.codec import load
from unblocker.records.survey import Survey

from .conftest import PROJECT, Surveyed, run_survey


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    shutil.copytree(PROJECT, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def error(root: Path, settings: str = "") -> str:
    """What the survey says and ends with."""
    ended = run_survey(root, root.parent / "survey.json", settings)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    return ended.stderr


def test_facts(surveyed: Surveyed) -> None:
    project = surveyed.survey.project
    assert project.root == str(PROJECT)
    assert project.settings == "config.settings"
    assert project.settings_files == ("config/base.py", "config/settings.py")
    assert project.asgi_file == "config/asgi.py"
    assert [(one.alias, one.engine) for one in project.databases] == [
        ("default", "django.db.backends.postgresql")
    ]
    assert "shop" in project.installed_apps
    assert "django.contrib.messages.middleware.MessageMiddleware" in project.middleware


def test_an_asgi_module_beside_the_settings_is_found(project: Path) -> None:
    for name in ("settings", "asgi", "base", "urls"):
        path = project / "config" / f"{name}.py"
        if path.exists():
            (project / path.name).write_text(
                path.read_text().replace("config.", "").replace("from .", "from ")
            )
    target = project.parent / "survey.json"
    assert run_survey(project, target, "settings").returncode == 0
    assert load(target, Survey).project.asgi_file == "asgi.py"


def test_files_that_were_read(surveyed: Surveyed) -> None:
    files = {one.path for one in surveyed.survey.files}
    assert {"shop/models.py", "shop/cases/orm.py", "shop/templates/shop/page.html"} <= files
    assert not any(path.startswith(("/", "..")) for path in files if "site-packages" not in path)


def test_the_project_may_be_a_folder_below(project: Path) -> None:
    target = project.parent / "survey.json"
    assert run_survey(project.parent, target).returncode == 0
    assert load(target, Survey).project.root == str(project)


def test_no_manage_py(tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    assert error(folder).startswith(f"U020 no manage.py below {folder}")


def test_no_manage_py_is_needed_where_settings_are_named(project: Path) -> None:
    (project / "manage.py").unlink()
    target = project.parent / "survey.json"
    assert run_survey(project, target, "config.settings").returncode == 0
    assert load(target, Survey).project.root == str(project)


def test_not_a_folder(tmp_path: Path) -> None:
    assert error(tmp_path / "nowhere").startswith(f"U020 {tmp_path / 'nowhere'} is not a folder")


def test_several_projects(project: Path) -> None:
    shutil.copytree(project, project.parent / "other")
    assert "more than one manage.py" in error(project.parent)


def test_no_settings_named(project: Path) -> None:
    (project / "manage.py").write_text("import django\n")
    assert error(project).startswith("U021 ")


def test_settings_that_do_not_exist(project: Path) -> None:
    message = error(project, "config.production")
    assert message.startswith("U022 ")
    assert "No module named 'config.production'" in message


@pytest.mark.parametrize(
    ("file", "code"),
    [("config/settings.py", "U022"), ("shop/models.py", "U023"), ("shop/urls.py", "U027")],
)
def test_a_project_that_exits(project: Path, file: str, code: str) -> None:
    (project / file).write_text("import sys\n\nsys.exit('no secrets file')\n")
    told = error(project)
    assert told.startswith(f"{code} {file}:3: ")
    assert "SystemExit: no secrets file" in told


def test_settings_that_fail_name_their_line(project: Path) -> None:
    (project / "config" / "base.py").write_text("SECRET_KEY = 'x'\nBROKEN = {}['x']\n")
    assert error(project).startswith(
        "U022 config/base.py:2: the settings module config.settings cannot be imported: KeyError"
    )


def test_a_missing_package_is_named_with_the_line_that_asks_for_it(project: Path) -> None:
    models = project / "shop" / "models.py"
    models.write_text("import a_package_nobody_has\n" + models.read_text())
    message = error(project)
    assert message.startswith("U023 shop/models.py:1: the project cannot be imported")
    assert "Is 'a_package_nobody_has' installed here?" in message


def test_a_query_while_loading_names_its_place(project: Path) -> None:
    apps = project / "shop" / "apps.py"
    text = "        from .models import Tag\n        list(Tag.objects.all())\n"
    apps.write_text(apps.read_text() + text)
    line = len(apps.read_text().splitlines())
    assert error(project).startswith(f"U024 shop/apps.py:{line}: the project asks for a connection")


def test_a_syntax_error_in_the_urlconf(project: Path) -> None:
    (project / "shop" / "urls.py").write_text("urlpatterns = [\n")
    assert error(project).startswith("U025 shop/urls.py:1: shop/urls.py is not valid Python")


def test_a_failing_urlconf(project: Path) -> None:
    (project / "shop" / "urls.py").write_text("from .views import nothing\n")
    assert error(project).startswith(
        "U027 shop/urls.py:1: the URLconf config.urls cannot be imported"
    )


def test_no_view(project: Path) -> None:
    (project / "config" / "urls.py").write_text("urlpatterns = []\n")
    assert error(project).startswith("U026 the URLconf config.urls leads to no view")


def test_a_syntax_error_elsewhere_does_not_stop_the_survey(project: Path) -> None:
    (project / "shop" / "old.py").write_text("print 'hello'\n")
    target = project.parent / "survey.json"
    assert run_survey(project, target).returncode == 0
    survey = load(target, Survey)
    found = [problem for problem in survey.problems if problem.code == "U400"]
    assert [str(problem.place) for problem in found] == ["shop/old.py:1"]
    assert len(survey.views) > 100

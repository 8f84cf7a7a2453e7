"""`manage.py unblock` is the same command on the project at hand."""

import subprocess
import sys

import pytest

from tests.unblocker.cli.running import environment


@pytest.fixture
def adopted(project):
    """A project that has the runtime's app."""
    settings = project / "notebook/settings.py"
    settings.write_text(
        settings.read_text().replace('"notes",\n', '"notes",\n    "django_unblock",\n')
    )
    return project


def manage(project, *arguments, cwd=None, program=()):
    return subprocess.run(
        [sys.executable, *program, project / "manage.py", *arguments],
        cwd=cwd or project,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_it_takes_its_own_project_from_anywhere(adopted, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = manage(adopted, "unblock", "survey", cwd=elsewhere)
    assert done.returncode == 0, done.stderr
    assert "overview" in done.stdout
    assert (adopted / ".unblock/survey.json").is_file()
    assert list(elsewhere.iterdir()) == []


def test_it_takes_the_settings_that_manage_py_was_given(adopted):
    (adopted / "notebook/staging.py").write_text(
        'from .settings import *\n\nROOT_URLCONF = "notebook.fewer_urls"\n'
    )
    (adopted / "notebook/fewer_urls.py").write_text(
        "from django.urls import path\nfrom notes import views\n\n"
        'urlpatterns = [path("", views.about)]\n'
    )
    file = adopted / "pyproject.toml"
    file.write_text(file.read_text().replace('settings = "notebook.settings"\n', ""))
    done = manage(adopted, "unblock", "survey", "--settings", "notebook.staging")
    assert done.returncode == 0, done.stderr
    assert "about" in done.stdout
    assert "overview" not in done.stdout


def test_errors_and_statuses_are_the_same(adopted):
    done = manage(adopted, "unblock", "undo")
    assert done.returncode == 2
    assert done.stderr.startswith("error: U043")
    assert manage(adopted, "unblock", "plan", "--fail-on", "U101").returncode == 1


def test_its_help_is_the_tools(adopted):
    done = manage(adopted, "unblock", "--help")
    assert done.returncode == 0
    assert "Usage: manage.py unblock" in done.stdout


def test_without_the_tool_it_says_what_to_install(adopted):
    (adopted / "without_click.py").write_text(
        "import runpy, sys\n"
        "sys.modules['click'] = None\n"
        "sys.argv = sys.argv[1:]\n"
        "sys.path.insert(0, '.')\n"
        "runpy.run_path(sys.argv[0], run_name='__main__')\n"
    )
    done = manage(adopted, "unblock", "survey", program=[adopted / "without_click.py"])
    assert done.returncode == 2
    assert done.stderr.startswith("error: R504: 'click' is not installed")
    assert "Traceback" not in done.stderr

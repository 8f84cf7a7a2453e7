"""A survey that was kept, as a user meets it: the command once more, after this or that was changed."""

import shutil
import subprocess
import time

import pytest

from tests.unblocker.cli.conftest import copy_of_notebook, preloaded, run_soon  # noqa: F401  fixtures
from tests.unblocker.cli.running import command, environment

LOADING = "the notebook is being loaded"


@pytest.fixture
def project(tmp_path):
    """A notebook that tells when it is loaded, and has a template."""
    folder = copy_of_notebook(tmp_path / "notebook")
    settings = folder / "notebook" / "settings.py"
    settings.write_text(
        f'import sys\n\nprint("{LOADING}", file=sys.stderr)\n'
        + settings.read_text()
        + "\nTEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'APP_DIRS': True}]\n"
        + "if os.environ.get('NOTEBOOK_BROKEN'):\n    raise RuntimeError('broken')\n"
    )
    pages = folder / "notes" / "templates"
    pages.mkdir()
    (pages / "page.html").write_text("{{ notes.count }}")
    (folder / "notes" / "views.py").write_text(
        (folder / "notes" / "views.py").read_text()
        + "\n\ndef page(request):\n"
        + "    from django.shortcuts import render\n\n"
        + "    return render(request, 'page.html', {'notes': Note.objects.all()})\n"
    )
    urls = folder / "notebook" / "urls.py"
    urls.write_text(urls.read_text() + "urlpatterns += [path('page/', views.page)]\n")
    return folder


@pytest.fixture
def survey(project, run_soon):  # noqa: F811  the fixture
    """Surveys the project; the answer, and whether it was loaded for it."""

    def once(*options):
        time.sleep(0.1)  # as if nobody had touched a file for a while
        done = run_soon("survey", ".", "--format=json", *options, cwd=project)
        assert done.returncode == 0, done.stderr
        return done.stdout, LOADING in done.stderr

    return once


def test_nothing_has_changed(survey):
    first, loaded = survey()
    assert loaded
    again, loaded = survey()
    assert not loaded
    assert without_time(again) == without_time(first)


def without_time(text):
    return [line for line in text.splitlines() if "seconds" not in line]


def test_another_command_takes_what_the_survey_kept(survey, project, run_soon):  # noqa: F811
    survey()
    done = run_soon("plan", ".", cwd=project)
    assert done.returncode == 0
    assert LOADING not in done.stderr


def test_no_cache(survey):
    survey()
    assert survey("--no-cache")[1]
    assert not survey()[1]


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("notes/views.py", lambda text: text.replace("tags = Tag.objects.count()", "tags = 0")),
        ("notes/templates/page.html", lambda text: text + "{{ notes.first }}"),
        ("notebook/settings.py", lambda text: text + "USE_TZ = False\n"),
    ],
)
def test_a_changed_file(survey, project, file, change):
    survey()
    path = project / file
    path.write_text(change(path.read_text()))
    assert survey()[1]


def test_a_changed_view_is_told_as_it_is_now(survey, project):
    assert "Tag.count" in survey()[0]
    views = project / "notes" / "views.py"
    views.write_text(views.read_text().replace("tags = Tag.objects.count()", "tags = 0"))
    assert "Tag.count" not in survey()[0]


def test_a_new_file_that_hides_a_module(survey, project):
    survey()
    (project / "json.py").write_text("def dumps(*args, **kwargs): ...\n")
    assert survey()[1]


def test_a_deleted_file(survey, project):
    survey()
    (project / "notes" / "tests.py").unlink()
    assert survey()[1]


def test_a_variable_that_the_settings_read(project):
    first = run_with(project)
    assert first.returncode == 0, first.stderr
    assert LOADING not in run_with(project).stderr
    broken = run_with(project, NOTEBOOK_BROKEN="1")
    assert broken.returncode == 2
    assert "broken" in broken.stderr


def run_with(project, **variables):
    time.sleep(0.1)
    return subprocess.run(
        command("survey", "."),
        cwd=project,
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("data", [b"\x00nonsense", None])
def test_a_cache_that_is_no_cache(survey, project, data):
    survey()
    file = project / ".unblock" / "cache" / "survey.msgpack"
    file.write_bytes(file.read_bytes()[:-100] if data is None else data)
    assert survey()[1]
    assert not survey()[1]


def test_another_projects_cache(survey, project, run_soon):  # noqa: F811
    survey()
    elsewhere = shutil.copytree(project, project.with_name("elsewhere"))
    assert LOADING in run_soon("survey", ".", cwd=elsewhere).stderr
    assert not survey()[1]


def test_a_folder_that_cannot_be_written_is_told_as_ever(survey, project):
    (project / ".unblock").write_text("in the way")
    done = run_with(project)
    assert done.returncode == 2
    assert "U007" in done.stderr


def test_no_half_written_file_stays(survey, project):
    survey()
    kept = (project / ".unblock" / "cache").iterdir()
    assert [path.name for path in kept] == ["survey.msgpack"]

"""Whatever is wrong with a project: one error that names it, status 2, and nothing written."""

import ctypes
import os

import pytest

from tests.unblocker.cli.running import assert_cannot_run, contents, run


def append(file, text):
    """Put lines at the end of the file and return where the last of them stands, as errors tell it."""
    file.write_text(file.read_text() + text)
    return f"{file.name}:{len(file.read_text().splitlines())}"


def change(file, old, new):
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def no_settings_named(project):
    (project / "manage.py").write_text("print('not the usual one')\n")
    change(project / "pyproject.toml", 'settings = "notebook.settings"\n', "")
    return "U021", "manage.py"


def settings_not_there(project):
    change(project / "pyproject.toml", '"notebook.settings"', '"notebook.production"')
    return "U022", "notebook.production"


def bad_import_in_urls(project):
    line = append(project / "notebook/urls.py", "from notes import vews\n")
    return "U027", f"notebook/{line}", "vews"


def bad_import_in_models(project):
    line = append(project / "notes/models.py", "from notes.pricing import rate\n")
    return "U023", f"notes/{line}", "notes.pricing"


def exception_in_ready(project):
    (project / "notes/apps.py").write_text(
        "from django.apps import AppConfig\n\n\n"
        "class NotesConfig(AppConfig):\n"
        "    name = 'notes'\n\n"
        "    def ready(self):\n"
        "        raise ValueError('the feature flags are gone')\n"
    )
    return "U023", "notes/apps.py:8", "the feature flags are gone"


def query_in_ready(project):
    (project / "notes/apps.py").write_text(
        "from django.apps import AppConfig\n\n\n"
        "class NotesConfig(AppConfig):\n"
        "    name = 'notes'\n\n"
        "    def ready(self):\n"
        "        from notes.models import Note\n"
        "        self.first = Note.objects.first()\n"
    )
    return "U024", "notes/apps.py:9", "'default'"


def missing_package(project):
    change(project / "notebook/settings.py", '"notes",', '"notes", "rest_framework_nowhere",')
    return "U023", "rest_framework_nowhere", "installed"


def no_view(project):
    (project / "notebook/urls.py").write_text("urlpatterns = []\n")
    return "U026", "notebook.urls"


def syntax_error_in_a_view_module(project):
    return "U025", append(project / "notes/views.py", "def broken(:\n")


def syntax_error_in_settings(project):
    return "U025", append(project / "notebook/settings.py", "DEBUG = = True\n")


def secret_not_set(project):
    line = append(project / "notebook/settings.py", "KEY = os.environ['NOTEBOOK_KEY']\n")
    return "U022", line, "NOTEBOOK_KEY"


def not_toml(project):
    return "U001", append(project / "pyproject.toml", "[tool.django-unblock\n")


def unknown_key(project):
    change(project / "pyproject.toml", "query = 20", "querry = 20")
    return "U002", "pyproject.toml", "querry"


def wrong_type(project):
    change(project / "pyproject.toml", "query = 20", 'query = "slow"')
    return "U002", "pyproject.toml", "costs.query"


def no_project(project):
    (project / "manage.py").unlink()
    change(project / "pyproject.toml", 'settings = "notebook.settings"\n', "")
    return "U020", "manage.py", project


def file_in_the_way(project):
    (project / ".unblock").write_text("not a folder\n")
    return "U007", ".unblock"


CASES = [
    no_settings_named,
    settings_not_there,
    bad_import_in_urls,
    bad_import_in_models,
    exception_in_ready,
    query_in_ready,
    missing_package,
    no_view,
    syntax_error_in_a_view_module,
    syntax_error_in_settings,
    secret_not_set,
    not_toml,
    unknown_key,
    wrong_type,
    no_project,
    file_in_the_way,
]


@pytest.mark.parametrize("spoil", CASES)
def test_what_is_wrong_with_a_project_is_named(project, spoil, run_soon):
    told = spoil(project)
    before = contents(project)
    assert_cannot_run(run_soon("convert", "--write", project, cwd=project.parent), *told)
    assert contents(project) == before


def test_a_settings_module_given_by_hand_must_exist(project, run_soon):
    before = contents(project)
    done = run_soon("survey", "--settings", "notebook.staging", cwd=project)
    assert_cannot_run(done, "U022", "notebook.staging")
    assert contents(project) == before


def test_two_projects_below_the_folder_are_both_named(project, run_soon):
    (project / "manage.py").rename(project / "notes/manage.py")
    (project / "notebook/manage.py").write_text("")
    done = run_soon("survey", cwd=project)
    assert_cannot_run(done, "U020", project / "notebook", project / "notes")


@pytest.mark.parametrize("name", ["manage.py", "nowhere"])
def test_a_project_is_a_folder(project, name, run_soon):
    assert_cannot_run(run_soon("survey", name, cwd=project), "U090", name)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("surwey", "No such command 'surwey'"),
        ("--nowhere survey", "No such option '--nowhere'"),
        ("survey --nowhere", "See django-unblock survey --help."),
        ("survey --format xml", "'xml' is not one of"),
        ("survey --view nobody", "no view fits nobody"),
        ("plan --fail-on U999", "there is no code U999"),
        ("verify --seconds soon", "'soon' is not a valid float"),
        ("undo . elsewhere", "unexpected extra argument (elsewhere)"),
        ("explain nowhere.txt", "nowhere.txt"),
        ("record", "Missing argument 'COMMAND...'"),
    ],
)
def test_a_command_line_that_cannot_be_understood_is_told(project, line, named, run_soon):
    assert_cannot_run(run_soon(*line.split(), cwd=project), "U090", named)


def test_without_a_command_the_overview_is_shown(project, run_soon):
    done = run_soon(cwd=project)
    assert done.returncode == 2
    assert "List every view with the I/O it does" in done.stdout + done.stderr
    assert "error: " not in done.stderr


def without_roots_rights():
    """Also root is refused what the mode forbids; others have no such right to give up."""
    drop, dac_override = 24, 1
    ctypes.CDLL(None).prctl(drop, dac_override, 0, 0, 0)


@pytest.mark.skipif(os.name != "posix", reason="modes of folders are POSIX's")
def test_a_project_that_cannot_be_written_is_named(project):
    before = contents(project)
    project.chmod(0o555)
    try:
        done = run("convert", "--write", cwd=project, preexec_fn=without_roots_rights)
    finally:
        project.chmod(0o755)
    assert_cannot_run(done, "U007", project / ".unblock", "Permission denied")
    assert contents(project) == before


def test_a_file_that_nobody_imports_is_only_reported(project, run_soon):
    (project / "notes/old_script.py").write_text("print 'hello'\n")
    done = run_soon("survey", cwd=project)
    assert done.returncode == 0, done.stderr
    assert "U400" in done.stdout
    assert "notes/old_script.py:1" in done.stdout
    assert "overview" in done.stdout


@pytest.mark.parametrize("command", ["verify", "bench", "demo"])
def test_a_project_without_a_demo_section_is_told_so(project, command, run_soon):
    text = (project / "pyproject.toml").read_text()
    (project / "pyproject.toml").write_text(text.partition("[tool.django-unblock.demo]")[0])
    before = contents(project.parent)
    done = run_soon(command, project, cwd=project.parent)
    assert_cannot_run(done, "U003", project, "[tool.django-unblock.demo]")
    assert contents(project.parent) == before


@pytest.mark.parametrize("command", ["verify", "demo"])
def test_bad_traffic_is_told_before_anything_is_started(project, command, run_soon):
    append(project / "traffic.jsonl", '{"method": "GET", "path": "about/"}\n')
    before = contents(project.parent)
    done = run_soon(command, project, cwd=project.parent)
    assert_cannot_run(done, "U051", "traffic.jsonl:3", "'about/'")
    assert contents(project.parent) == before


def test_a_missing_traffic_file_is_named(project, run_soon):
    (project / "traffic.jsonl").unlink()
    before = contents(project)
    assert_cannot_run(run_soon("verify", cwd=project), "U050", project / "traffic.jsonl")
    assert contents(project) == before


def test_a_report_needs_a_plan(project, run_soon):
    before = contents(project)
    assert_cannot_run(run_soon("report", cwd=project), "U005", ".unblock/plan.json")
    assert contents(project) == before

"""What each command does on a project where nothing is wrong."""

import json
import signal
import subprocess
import sys

import pytest

from tests.unblocker.cli.conftest import copy_of_notebook
from tests.unblocker.cli.running import contents, environment, run
from unblocker.cli.main import COMMANDS, told
from unblocker.records.codec import from_json
from unblocker.records.plan import Plan
from unblocker.records.survey import Survey

HEAVY = ("django", "libcst", "psycopg", "msgspec", "rich", "jinja2", "unblocker.survey")


def code_of(project):
    """The project without the tool's own folder."""
    return {
        name: data for name, data in contents(project).items() if not name.startswith(".unblock")
    }


def test_the_overview_needs_no_stage():
    script = (
        "import sys; sys.argv = ['django-unblock', '--help']\n"
        "from unblocker.cli import main\n"
        "try: main()\n"
        f"finally: print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    *overview, loaded = done.stdout.splitlines()
    assert loaded == "[]"
    assert [
        line.split()[0]
        for line in overview
        if line.startswith("  ") and line.split()[0] in COMMANDS
    ] == list(COMMANDS)


def test_the_overview_keeps_a_line_for_each_command(run_soon, tmp_path):
    done = run_soon("--help", cwd=tmp_path)
    assert all(f"  {name:9}{text}" in done.stdout for name, text in COMMANDS.items())
    assert done.returncode == 0


def test_it_is_told_that_only_the_project_is_set_up(project, run_soon):
    told = "No view is to be converted: this only sets the project up for the runtime.\n"
    assert told not in run_soon("convert", cwd=project).stderr
    urls = project / "notebook/urls.py"
    urls.write_text(urls.read_text().replace('path("", views.overview, name="overview"),', ""))
    urls.write_text(urls.read_text().replace('path("share/", views.share, name="share"),', ""))
    done = run_soon("convert", cwd=project)
    assert done.stderr == f"{told}Nothing written; --write writes it.\n"
    assert "+++ b/notebook/settings.py" in done.stdout


def test_the_version_is_told(run_soon, tmp_path):
    done = run_soon("--version", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "django-unblock, version 0.1.0\n")


@pytest.mark.parametrize(
    "arguments", [["surwey"], ["plan", "--format", "xml"], ["undo", "--write"]]
)
def test_what_click_cannot_parse_cannot_run(run_soon, project, arguments):
    done = run_soon(*arguments, cwd=project)
    assert (done.returncode, done.stdout) == (2, "")
    assert arguments[-1] in done.stderr
    assert not (project / ".unblock").exists()


def test_survey_lists_the_views_and_leaves_the_code_alone(project):
    before = code_of(project)
    done = run("survey", cwd=project)
    assert done.returncode == 0, done.stderr
    for shown in ("overview", "3 queries", "share", "1 query, 1 mail", "/share/"):
        assert shown in done.stdout
    assert code_of(project) == before
    assert (project / ".unblock/.gitignore").read_text() == "*\n"


def test_the_surveys_record_is_kept(run_soon, project):
    assert run_soon("survey", project, cwd=project.parent).returncode == 0
    survey = from_json((project / ".unblock/survey.json").read_bytes(), Survey)
    assert survey.project.root == str(project)
    assert [view.id for view in survey.views] == [
        f"notes.views.{name}" for name in ("overview", "share", "about")
    ]


def test_what_the_project_prints_is_no_result(run_soon, project):
    with (project / "notebook/settings.py").open("a") as settings:
        settings.write('print("local settings")\n')
    done = run_soon("survey", "--format", "json", cwd=project)
    assert json.loads(done.stdout)["project"]["root"] == str(project)
    assert "local settings" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_command_says_so_and_writes_nothing(run_soon, project, number):
    """The project's own code sends the signal, so that it always comes at the same moment."""
    with (project / "notebook/urls.py").open("a") as urls:
        urls.write(f"import os\nos.kill(os.getpid(), {int(number)})\n")
    before = contents(project)
    done = run_soon("convert", "--write", cwd=project)
    assert (done.returncode, done.stdout) == (128 + number, "")
    assert done.stderr == ("Interrupted.\n" if number == signal.SIGINT else "")
    assert contents(project) == before


def test_a_reader_who_has_seen_enough_is_no_error(project):
    plan = subprocess.run(
        ["/bin/sh", "-c", f"'{sys.executable}' -m unblocker plan --format json | head -n 1"],
        cwd=project,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert (plan.stdout, plan.stderr) == ("{\n", "")


def test_a_defect_of_the_tool_is_no_finding():
    text = told(KeyError("notes.views.overview"))
    assert text.splitlines()[-2:] == [
        "error: U009 django-unblock failed: KeyError: 'notes.views.overview'",
        "This is a defect of the tool. Please report it with the traceback above.",
    ]


def test_plan_says_what_to_do_and_why(run_soon, project):
    done = run_soon("plan", cwd=project)
    assert done.returncode == 0
    assert "U101" in done.stdout
    assert "U204 it does no I/O" in done.stdout
    assert "U501 notes/views.py" in done.stdout


def test_plan_as_json_is_its_record(run_soon, project):
    plan = from_json(run_soon("plan", "--format", "json", cwd=project).stdout.encode(), Plan)
    assert {view.view: view.verdict for view in plan.views} == {
        "notes.views.overview": "convert",
        "notes.views.share": "convert",
        "notes.views.about": "leave",
    }


def test_plan_as_sarif_places_its_findings(run_soon, project):
    log = json.loads(run_soon("plan", "--format", "sarif", cwd=project).stdout)
    results = log["runs"][0]["results"]
    [overview] = [result for result in results if result["ruleId"] == "U101"]
    assert (
        overview["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "notes/views.py"
    )


def test_nothing_is_coloured_in_a_pipe(run_soon, project):
    for arguments in (["convert"], ["report"], ["survey", "nowhere"]):
        done = run_soon(*arguments, cwd=project)
        assert done.stdout or done.stderr
        assert "\x1b" not in done.stdout + done.stderr


def test_convert_shows_a_patch_and_writes_nothing(run_soon, project):
    before = code_of(project)
    done = run_soon("convert", cwd=project)
    assert done.returncode == 0, done.stderr
    assert "+async def overview(request):" in done.stdout
    assert "Nothing written" in done.stderr
    assert code_of(project) == before


def test_the_patch_is_what_write_writes(run_soon, project, tmp_path):
    patched = copy_of_notebook(tmp_path / "patched")
    patch = run_soon("convert", cwd=project).stdout
    subprocess.run(["git", "apply", "-"], cwd=patched, input=patch, text=True, check=True)
    assert run_soon("convert", "--write", cwd=project).returncode == 0
    assert code_of(project) == code_of(patched)


def test_what_will_behave_otherwise_is_listed_before_anything_is_written(run_soon, project):
    """Where writing then fails, it was listed all the same."""
    (project / ".unblock").mkdir()
    (project / ".unblock/undo").write_text("in the way of what undo needs")
    before = code_of(project)
    done = run_soon("convert", "--write", cwd=project)
    assert done.returncode == 2
    assert done.stderr.index("U501 notes/views.py") < done.stderr.index("error: U042")
    assert code_of(project) == before


def test_mail_that_stays_in_the_response_is_not_listed(run_soon, project):
    file = project / "pyproject.toml"
    file.write_text(
        file.read_text().replace("[tool.django-unblock]", '[tool.django-unblock]\nmail = "await"')
    )
    assert "U501" not in run_soon("convert", cwd=project).stderr


def test_converting_again_changes_nothing_and_undo_restores_every_byte(run_soon, project):
    before = code_of(project)
    assert "undo" in run_soon("convert", "--write", cwd=project).stderr
    converted = code_of(project)
    assert converted != before

    again = run_soon("convert", "--write", cwd=project)
    assert (again.returncode, again.stdout) == (0, "")
    assert "Nothing to convert." in again.stderr
    assert code_of(project) == converted

    undone = run_soon("undo", cwd=project)
    assert (undone.returncode, undone.stderr) == (0, "3 files restored.\n")
    assert code_of(project) == before
    assert run_soon("undo", cwd=project).stderr.startswith("error: U043")


def test_undo_refuses_where_a_file_has_changed_since(run_soon, project):
    run_soon("convert", "--write", cwd=project)
    views = project / "notes/views.py"
    views.write_text(f"{views.read_text()}\n# mine\n")
    changed = code_of(project)
    done = run_soon("undo", cwd=project)
    assert done.returncode == 2
    assert "error: U044 notes/views.py" in done.stderr
    assert code_of(project) == changed


def test_a_project_is_found_below_the_folder_and_from_anywhere(run_soon, project, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert "--- a/notes/views.py" in run_soon("convert", cwd=project.parent).stdout
    for named in (project, "../notebook"):
        assert "overview" in run_soon("survey", named, cwd=elsewhere).stdout
    assert (project / ".unblock/survey.json").is_file()
    assert list(elsewhere.iterdir()) == []


def test_a_projects_path_may_hold_spaces_and_any_letter(tmp_path):
    project = copy_of_notebook(tmp_path / "Jürgens Läden & [co] 店")
    before = code_of(project)
    done = run("convert", "--write", project, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "async def overview" in (project / "notes/views.py").read_text()
    assert run("undo", project, cwd=tmp_path).returncode == 0
    assert code_of(project) == before


def test_a_report_is_written_as_a_page_and_shown(run_soon, project):
    run_soon("convert", cwd=project)
    table = run_soon("report", cwd=project)
    assert table.returncode == 0
    assert "overview" in table.stdout
    assert table.stderr == f"Report: {project}/.unblock/report.html\n"
    assert "notes.views.overview" in (project / ".unblock/report.html").read_text()

    told = json.loads(run_soon("report", "--format", "json", cwd=project).stdout)
    assert [view["verdict"] for view in told["views"]].count("convert") == 2


def test_fail_on_turns_a_finding_into_a_status(run_soon, project):
    found = run_soon("plan", "--fail-on", "U200,U101", "--fail-on", "U501", cwd=project)
    assert found.returncode == 2
    found = run_soon("plan", "--fail-on", "U201,U101", "--fail-on", "U501", cwd=project)
    assert found.returncode == 1
    assert found.stderr == "Found: U101, U501.\n"
    assert "overview" in found.stdout
    assert run_soon("plan", "--fail-on", "U201", cwd=project).returncode == 0


def test_fail_on_sees_the_surveys_problems(run_soon, project):
    assert run_soon("survey", "--fail-on", "U400", cwd=project).returncode == 0
    (project / "old.py").write_text("print 'hello'\n")
    assert run_soon("survey", "--fail-on", "U400", cwd=project).returncode == 1


def test_fail_on_refuses_a_code_that_nothing_can_have(run_soon, project):
    done = run_soon("survey", "--fail-on", "U999", cwd=project)
    assert done.returncode == 2
    assert "there is no code U999" in done.stderr


def test_a_missing_package_of_the_tool_is_named():
    script = "import sys; sys.modules['click'] = None\nfrom unblocker.__main__ import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: 'click' is not installed")
    assert "Traceback" not in done.stderr

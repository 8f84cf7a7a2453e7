"""`survey` as somebody meets it who has never seen the tool."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unblocker.cli.running import assert_cannot_run, contents, environment, run


def views(done):
    return [view["name"] for view in json.loads(done.stdout)["views"]]


def lines(text):
    return [" ".join(line.split()) for line in text.splitlines()]


def test_a_pipe_has_a_line_for_each_view(run_soon, project):
    done = run_soon("survey", cwd=project)
    assert done.returncode == 0, done.stderr
    [overview] = [line for line in lines(done.stdout) if line.startswith("overview ")]
    assert "3 queries" in overview
    assert overview.endswith("/ notes/views.py:8")
    assert all(line == line.rstrip() for line in done.stdout.splitlines())


def test_views_are_left_out_unless_all_are_wanted(run_soon, project):
    assert "/about/" not in run_soon("survey", cwd=project).stdout
    assert "/about/" in run_soon("survey", "--all", cwd=project).stdout


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ((), ["share", "overview", "about"]),
        (("--sort", "name"), ["overview", "share", "about"]),
        (("--verdict", "leave"), ["about"]),
        (("--view", "ab*", "--view", "share"), ["share", "about"]),
        (("--app", "notes", "--verdict", "convert"), ["share", "overview"]),
    ],
)
def test_views_can_be_chosen_and_sorted(run_soon, project, options, names):
    assert views(run_soon("survey", "--format", "json", *options, cwd=project)) == names


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--app", "blog"), "there is no app blog; there are"),
        (("--view", "nothing"), "no view fits nothing"),
        (("--verdict", "maybe"), "'maybe' is not one of"),
        (("--sort", "size"), "'size' is not one of"),
    ],
)
def test_a_choice_of_nothing_is_a_mistake(run_soon, project, options, named):
    done = run_soon("survey", *options, cwd=project)
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_the_result_goes_to_a_file(run_soon, project, tmp_path):
    file = tmp_path / "survey.json"
    done = run_soon("survey", "--format", "json", "--output", file, cwd=project)
    assert (done.returncode, done.stdout) == (0, "")
    assert json.loads(file.read_text())["version"] == 1
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["survey.json"]


def test_a_table_in_a_file_is_that_of_a_pipe(run_soon, project, tmp_path):
    run_soon("survey", "--output", tmp_path / "survey.txt", cwd=project)
    piped = run_soon("survey", cwd=project).stdout
    assert lines((tmp_path / "survey.txt").read_text())[1:] == lines(piped)[1:]


@pytest.mark.parametrize("name", ["nowhere/survey.json", ".", "manage.py/survey.json"])
def test_a_file_that_cannot_be_written_is_told_before_the_work(run_soon, project, name):
    before = contents(project)
    done = run_soon("survey", "--output", project / name, cwd=project)
    assert_cannot_run(done, "U007", project / name, "--output")
    assert contents(project) == before


def test_a_file_that_was_there_is_kept_where_the_survey_fails(run_soon, project, tmp_path):
    file = tmp_path / "survey.json"
    file.write_text("older")
    (project / "notebook/urls.py").write_text("import nothing_like_it\n")
    done = run_soon("survey", "--format", "json", "--output", file, cwd=project)
    assert done.returncode == 2
    assert file.read_text() == "older"


def test_a_device_is_written_to_and_not_replaced(run_soon, project):
    assert run_soon("survey", "--output", "/dev/null", cwd=project).returncode == 0
    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_survey_leaves_nothing_half_written(run_soon, project, tmp_path, number):
    """The project's own code sends the signal, so that it always comes at the same moment."""
    with (project / "notebook/urls.py").open("a") as urls:
        urls.write(f"import os\nos.kill(os.getpid(), {int(number)})\n")
    before = contents(project)
    file = tmp_path / "survey.html"
    done = run_soon("survey", "--format", "html", "--output", file, cwd=project)
    assert (done.returncode, done.stdout) == (128 + number, "")
    assert "Traceback" not in done.stderr
    assert not file.exists()
    assert contents(project) == before


@pytest.mark.parametrize("form", ["table", "json", "html"])
def test_a_terminal_without_the_letters_gets_escapes_and_programs_utf_8(project, form):
    done = run("survey", "--format", form, cwd=project, env=environment(PYTHONIOENCODING="latin-1"))
    assert (done.returncode, done.stderr) == (0, "")
    assert ("\\u2192" in done.stdout) == (form == "table")


@pytest.mark.parametrize("form", ["table", "json"])
def test_a_reader_who_has_seen_enough_is_no_error(project, form):
    piped = f"'{sys.executable}' -m unblocker survey --format {form} | head -n 1"
    done = subprocess.run(
        ["/bin/sh", "-c", piped],
        cwd=project,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


def test_fail_on_sees_verdicts_of_the_views_that_are_shown(run_soon, project):
    done = run_soon("survey", "--fail-on", "U101,U103", cwd=project)
    assert (done.returncode, done.stderr) == (1, "Found: U101, U103.\n")
    assert run_soon("survey", "--fail-on", "U101", "--view", "about", cwd=project).returncode == 0


def in_a_terminal(*arguments, cwd, **variables):
    """What the command writes to a terminal of 100 columns, results and progress together."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "unblocker", *arguments],
        cwd=cwd,
        env=environment(TERM="xterm", COLUMNS="100", **variables),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    parts = []
    try:
        while part := os.read(ours, 65536):
            parts.append(part)
    except OSError:
        pass
    os.close(ours)
    assert process.wait() == 0
    return b"".join(parts).decode()


def test_a_terminal_sees_colour_and_how_far_it_is(project):
    text = in_a_terminal("survey", cwd=project)
    assert "\x1b[1" in text
    assert "Reading views" in text or "Loading the project" in text


def test_it_can_be_quiet_and_colourless(project):
    text = in_a_terminal("survey", "--quiet", cwd=project, NO_COLOR="1")
    assert "Loading the project" not in text
    assert "\x1b[3" not in text
    assert "overview" in text


def test_what_to_do_next_names_the_project_where_it_was_named(run_soon, project):
    done = run_soon("survey", "notebook", cwd=project.parent)
    assert "django-unblock convert notebook " in done.stdout
    assert "django-unblock convert  " in run_soon("survey", cwd=project).stdout

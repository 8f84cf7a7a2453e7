"""The demo on a tiny project: what it writes, what it says, and what is left of it when it is interrupted."""

import re
import resource
import shutil
import signal

import pytest

from tests.unblocker.cli.conftest import copy_of_notebook
from tests.unblocker.cli.running import assert_cannot_run, contents, run
from tests.unblocker.cli.started import Started, assert_gone


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder to run demos in, one after the other, with the project beside it."""
    place = tmp_path_factory.mktemp("demo")
    copy_of_notebook(place / "notebook")
    return place


@pytest.fixture(scope="module")
def untouched(place):
    return contents(place / "notebook")


@pytest.fixture
def start():
    """Starts commands whose temporary files are looked at, and removed, in the end."""
    started = []

    def begin(*arguments, cwd):
        started.append(Started(*arguments, cwd=cwd))
        return started[-1]

    yield begin
    for one in started:
        shutil.rmtree(one.temporary)


def interrupt(running, number):
    """Send the signal; the error output, when nothing is left of the command."""
    below = running.children()
    assert below
    status, output, errors = running.end(number)
    assert_gone(below)
    assert list(running.temporary.iterdir()) == []
    assert status == 128 + number
    assert output == ""
    assert "Traceback" not in errors
    return errors


def test_interrupted_while_the_services_start(start, place, untouched):
    running = start("demo", "notebook", cwd=place)
    running.wait_for("unblocker.services.smtp")
    assert interrupt(running, signal.SIGINT).splitlines()[-1] == "Interrupted."
    assert contents(place / "notebook") == untouched


def test_terminated_while_the_projects_tests_run_and_another_demo_wants_the_folder(start, place):
    running = start("demo", "notebook", cwd=place)
    running.wait_for("manage.py test")
    second = run("demo", "notebook", cwd=place)
    assert_cannot_run(second, "U010", place / ".unblock/demo")
    assert "start services" in interrupt(running, signal.SIGTERM)


@pytest.fixture(scope="module")
def demo(place):
    """A demo where others were interrupted before it; it goes on while other commands run elsewhere."""
    demo = Started("demo", "--quick", "notebook", cwd=place)
    yield demo
    demo.stop()
    demo.temporary.rmdir()


def test_interrupted_while_it_measures(demo, start, project):
    bench = start("bench", "--quick", cwd=project)
    bench.wait_for("unblocker.measure.locust_client")
    assert interrupt(bench, signal.SIGINT) == "Interrupted.\n"


def test_terminated_while_it_verifies(demo, start, project):
    verify = start("verify", cwd=project)
    verify.wait_for("unblocker.verify.worker")
    assert interrupt(verify, signal.SIGTERM) == ""


def test_killed_it_takes_everything_with_it(demo, start, project):
    verify = start("verify", cwd=project)
    verify.wait_for("unblocker.verify.worker")
    below = verify.children()
    assert verify.end(signal.SIGKILL)[0] == -signal.SIGKILL
    assert_gone(below)


@pytest.fixture(scope="module")
def finished(demo):
    return demo.ended()


def test_a_demo_ends_with_a_table_and_the_reports_path(finished, place):
    status, output, errors = finished
    assert status == 0, errors
    assert re.search(r"^overview +convert +U101", output, re.MULTILINE)
    assert "0 differences" in output
    assert output.count("1 of 1 passed") == 2
    page = place / ".unblock/demo/report.html"
    assert errors.splitlines()[-1] == f"Report: {page}"
    assert "notes.views.overview" in page.read_text()


def test_a_demo_measures_both_sides_and_the_rivals(finished, place):
    names = {path.name for path in (place / ".unblock/demo/measured/logs").iterdir()}
    assert {"before-gunicorn-sync.log", "after-uvicorn.log", "before-gunicorn-gevent.log"} <= names
    assert any((place / ".unblock/demo/measured/samples").iterdir())
    assert not (place / ".unblock/demo/measuring").exists()


def test_a_demo_leaves_the_project_as_it_was(finished, place, untouched):
    assert contents(place / "notebook") == untouched


def test_a_command_that_prepares_and_fails_is_named(project):
    file = project / "pyproject.toml"
    file.write_text(file.read_text().replace("seed notes", "seed nowhere"))
    done = run("verify", cwd=project)
    assert_cannot_run(done, "U004", "manage.py seed nowhere", "No fixture named 'nowhere'")


def test_a_database_that_cannot_be_made_is_told_with_its_reason(project):
    done = run("bench", cwd=project, preexec_fn=small_files_only)
    assert_cannot_run(done, "U063", "PostgreSQL", "File too large")


def small_files_only():
    """As on a full disk: PostgreSQL's files are larger than this many bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))


def test_a_service_that_does_not_start_is_told_with_its_log(project):
    file = project / "pyproject.toml"
    file.write_text(file.read_text().replace("wsgi =", 'upstream = "nowhere:app"\nwsgi ='))
    done = run("verify", cwd=project)
    assert_cannot_run(done, "U060", "the upstream APIs", "nowhere")

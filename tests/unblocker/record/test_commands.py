"""Commands that can't be recorded, and what becomes of earlier recordings."""

import sys
from pathlib import Path

from tests.unblocker.cli.running import assert_cannot_run, environment
from tests.unblocker.record.recorded import MANAGE, record, recording_of, view
from unblocker.record.environment import recording_into
from unblocker.records.codec import load
from unblocker.records.recording import Recording

ONE = (*MANAGE, "test", "books.tests.DirectTests.test_called")


def assert_not_recorded(done: object, code: str, *named: str) -> None:
    """Status 2, and behind the command's own output one error."""
    assert done.returncode == 2, done.stderr  # type: ignore[attr-defined]
    error = done.stderr.rpartition("error: ")[2]  # type: ignore[attr-defined]
    assert error.startswith(f"{code} "), error
    assert all(name in error for name in named), error


def test_a_command_that_does_not_exist(project: Path) -> None:
    assert_cannot_run(record("--", "no-such-command", cwd=project), "U081", "no-such-command")


def test_a_file_that_cannot_be_executed(project: Path) -> None:
    (project / "notes.txt").write_text("")
    assert_cannot_run(record("--", "./notes.txt", cwd=project), "U081", "Permission denied")


def test_a_command_without_django(project: Path) -> None:
    done = record("--", sys.executable, "-c", "print('hello')", cwd=project)
    assert done.stdout == "hello\n"
    assert_not_recorded(done, "U082", "status 0")
    assert list((project / ".unblock" / "recorded").iterdir()) == []


def test_a_project_that_cannot_be_loaded(project: Path) -> None:
    settings = project / "library" / "settings.py"
    settings.write_text(settings.read_text().replace('"books",', '"boks",'))
    done = record("--", *ONE, cwd=project)
    assert_not_recorded(done, "U083", "status 1")
    assert "No module named 'boks'" in done.stderr


def test_a_command_without_a_request(project: Path) -> None:
    done = record("--", *MANAGE, "check", cwd=project)
    assert_not_recorded(done, "U084")
    assert "System check identified no issues" in done.stdout


def test_no_project_is_no_recording(tmp_path: Path) -> None:
    assert_cannot_run(record("--", "true", cwd=tmp_path), "U020")


def test_a_later_recording_replaces_an_earlier_one_or_adds_to_it(project: Path) -> None:
    assert record("--", *ONE, cwd=project).returncode == 0
    assert record("--", *ONE, cwd=project).returncode == 0
    assert view(recording_of(project), "counts").requests == 1
    assert record("--append", "--", *ONE, cwd=project).returncode == 0
    both = recording_of(project)
    assert view(both, "counts").requests == 2
    assert [run.command for run in both.runs] == [ONE, ONE]
    assert record("--", *MANAGE, "check", cwd=project).returncode == 2
    assert recording_of(project) == both


def test_the_recording_goes_where_it_is_wanted(project: Path, tmp_path: Path) -> None:
    done = record("--output", "../found.json", "--", *ONE, cwd=project)
    assert done.returncode == 0, done.stderr
    assert not (project / ".unblock" / "recording.json").exists()
    assert view(load(tmp_path / "found.json", Recording), "counts").requests == 1


def test_another_sitecustomize_is_run_too(project: Path) -> None:
    (project / "sitecustomize.py").write_text("print('theirs')\n")
    command = (sys.executable, "-c", "import sys; print(*sys.path[:2], sep='|')")
    plain = environment(PYTHONPATH=str(project))
    told = recording_into(project, project, plain, bodies=False)
    outputs = [run_with(one, command, project) for one in (plain, told)]
    assert outputs[0] == outputs[1]
    assert outputs[0].startswith("theirs\n")


def run_with(variables: dict[str, str], command: tuple[str, ...], cwd: Path) -> str:
    import subprocess

    return subprocess.run(
        command, env=variables, cwd=cwd, capture_output=True, text=True, check=True
    ).stdout

"""`django-unblock explain` as its users run it."""

import subprocess

import pytest

from tests.unblocker.cli.running import assert_cannot_run, command, environment, run
from tests.unblocker.explain.conftest import EXAMPLES, recorded
from unblocker.records.codec import from_json
from unblocker.records.explanation import Explanations

RELATION = "lazy_relation.foreign_key"
UNKNOWN = 'Traceback (most recent call last):\n  File "x.py", line 1, in f\n    f()\nKeyError: 1\n'


@pytest.fixture
def folder(tmp_path):
    """A folder with the source and the traceback of an example."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/views.py").write_text(EXAMPLES[RELATION].code)
    (tmp_path / "traceback.txt").write_text(recorded(RELATION))
    return tmp_path


def piped(data, cwd):
    return subprocess.run(
        command("explain"), input=data, cwd=cwd, env=environment(), capture_output=True, check=False
    )


def test_a_file_is_explained_with_the_sources_of_the_folder(run_soon, folder):
    done = run_soon("explain", "traceback.txt", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("U341 ")
    assert "shop/views.py:7 in view" in done.stdout
    underlined = done.stdout.splitlines()[3:5]
    assert underlined == [
        "    return HttpResponse(order.customer.name)",
        "                        ^^^^^^^^^^^^^^",
    ]
    assert 'order = await Order.objects.select_related("customer").aget(pk=1)' in done.stdout


def test_standard_input_is_explained(folder):
    done = piped(recorded(RELATION).encode(), folder)
    assert done.returncode == 0
    assert b"U341" in done.stdout


def test_json_is_its_record(run_soon, folder):
    done = run_soon("explain", "traceback.txt", "--format", "json", cwd=folder)
    [one] = from_json(done.stdout.encode(), Explanations).explained
    assert (one.code, one.expression) == ("U341", "order.customer")


def test_what_is_not_known_is_said_and_gives_status_1(run_soon, folder):
    (folder / "unknown.txt").write_text(recorded(RELATION) + UNKNOWN)
    done = run_soon("explain", "unknown.txt", cwd=folder)
    assert done.returncode == 1
    assert "U341" in done.stdout
    assert "Not known at x.py:1: KeyError: 1" in done.stdout


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "U031"), (b"hello\n", "U030"), (b"\x00\x01", "U033"), (b"x" * 17_000_000, "U032")],
)
def test_what_cannot_be_explained_has_status_2(folder, data, code):
    done = piped(data, folder)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(f"error: {code} ".encode())


def test_a_file_that_is_not_there(run_soon, folder):
    done = run_soon("explain", "nowhere.txt", cwd=folder)
    assert done.returncode == 2
    assert "nowhere.txt" in done.stderr


def test_a_folder_without_a_project_is_no_project(run_soon, folder):
    done = run_soon("explain", "traceback.txt", "--project", ".", cwd=folder)
    assert_cannot_run(done, "U020")


def test_the_projects_models_say_what_a_relation_is(project):
    (project / "traceback.txt").write_text(
        recorded(RELATION).replace("order.customer", "note.author").replace("customer", "author")
    )
    with (project / "notes/models.py").open("a") as models:
        models.write(
            "\n\nclass Letter(models.Model):\n"
            '    author = models.ForeignKey("auth.User", models.CASCADE)\n'
        )
    done = run("explain", "traceback.txt", "--project", ".", cwd=project)
    assert done.returncode == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert "`notes.Letter.author` is a foreign key to `auth.User`." in text


def test_a_project_that_cannot_be_loaded_is_done_without(project):
    (project / "traceback.txt").write_text(recorded(RELATION))
    (project / "notes/models.py").write_text("import nothing_of_that_name\n")
    done = run("explain", "traceback.txt", "--project", ".", cwd=project)
    assert done.returncode == 0
    assert "U341" in done.stdout
    assert "nothing_of_that_name" in done.stderr


@pytest.mark.parametrize("width", ["40", "80", "200"])
def test_prose_is_wrapped_and_code_is_not(folder, width):
    done = subprocess.run(
        command("explain", "traceback.txt"),
        cwd=folder,
        env=environment(COLUMNS=width),
        capture_output=True,
        text=True,
        check=True,
    )
    long = [line for line in done.stdout.splitlines() if len(line) > min(int(width), 100)]
    assert all(line.startswith("    ") for line in long)
    assert all(line == line.rstrip() for line in done.stdout.splitlines())

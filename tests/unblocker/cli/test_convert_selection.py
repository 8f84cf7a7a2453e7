"""`convert` for some of the views: by app, by name, by gain, one by one; and beside changes that git does not have."""

import subprocess

import pytest

from tests.unblocker.cli.running import assert_cannot_run, command, contents, environment, run


def converted(done):
    """The views that the shown patch makes asynchronous."""
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    return [line.split("(")[0].split()[-1] for line in lines if line.startswith("+async def")]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), ["overview", "share"]),
        (("--view", "overview"), ["overview"]),
        (("--view", "notes.views.s*"), ["share"]),
        (("--view", "overview", "--view", "share"), ["overview", "share"]),
        (("--app", "notes"), ["overview", "share"]),
        (("--minimum-gain", "0"), ["overview", "share"]),
        (("--minimum-gain", "100000"), []),
        (("--app", "notes", "--minimum-gain", "100000"), []),
        (("--view", "about"), []),
    ],
)
def test_only_what_is_asked_for_is_converted(run_soon, project, options, expected):
    assert converted(run_soon("convert", *options, cwd=project)) == expected


@pytest.mark.parametrize(
    "options", [("--app", "nowhere"), ("--view", "nothing"), ("--minimum-gain", "-1")]
)
def test_what_is_not_there_cannot_be_asked_for(run_soon, project, options):
    before = contents(project)
    done = run_soon("convert", "--write", *options, cwd=project)
    assert done.returncode == 2
    assert options[1] in done.stderr
    assert contents(project / "notes") == {
        name.removeprefix("notes/"): data
        for name, data in before.items()
        if name.startswith("notes/")
    }


def test_the_rest_can_be_converted_later(run_soon, project):
    assert run_soon("convert", "--view", "share", "--write", cwd=project).returncode == 0
    assert converted(run_soon("convert", "--view", "share", cwd=project)) == []
    assert converted(run_soon("convert", cwd=project)) == ["overview"]


def answering(project, text, *options):
    """`convert --interactive` with these answers."""
    return subprocess.run(
        command("convert", "--interactive", *options),
        cwd=project,
        env=environment(),
        input=text,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("y\ny\n", ["overview", "share"]),
        ("n\ny\n", ["share"]),
        ("a\n", ["overview", "share"]),
        ("q\n", []),
    ],
)
def test_each_view_is_asked_about(project, answers, expected):
    done = answering(project, answers, "--write")
    assert done.returncode == 0, done.stderr
    assert "Convert notes.views.overview (1 of 2)?" in done.stderr
    text = (project / "notes/views.py").read_text()
    assert [name for name in ("overview", "share") if f"async def {name}" in text] == expected


def test_each_question_shows_its_own_view(project):
    done = answering(project, "n\nn\n")
    first, second = done.stdout.split("+async def share")
    assert first.count("+async def overview") == 1
    assert "+async def" not in second
    assert "Nothing written" in done.stderr


def test_answers_that_end_write_nothing(project):
    before = (project / "notes/views.py").read_bytes()
    done = answering(project, "y\n", "--write")
    assert done.returncode != 0
    assert (project / "notes/views.py").read_bytes() == before


def test_nobody_is_asked_about_what_verify_decides(run_soon, project):
    done = run_soon("convert", "--interactive", "--verified", cwd=project)
    assert done.returncode == 2
    assert "--interactive" in done.stderr


def git(project, *arguments):
    names = ("-c", "user.name=ann", "-c", "user.email=ann@notebook.example")
    subprocess.run(["git", *names, *arguments], cwd=project, check=True, capture_output=True)


@pytest.fixture
def repository(project):
    """The project, as git has it."""
    git(project, "init")
    git(project, "add", ".")
    git(project, "commit", "--message", "a notebook")
    return project


def test_what_git_has_is_converted(run_soon, repository):
    (repository / "notes/new.txt").write_text("git does not know it")
    assert run_soon("convert", "--write", cwd=repository).returncode == 0


def test_changes_that_git_does_not_have_are_refused(repository):
    views = repository / "notes/views.py"
    views.write_text(views.read_text() + "\n# mine\n")
    before = views.read_bytes()
    assert_cannot_run(run("convert", "--write", cwd=repository), "U543", "notes/views.py")
    assert views.read_bytes() == before


def test_they_are_no_reason_not_to_show_the_patch(run_soon, repository):
    (repository / "notes/tests.py").write_text("# mine\n")
    assert converted(run_soon("convert", cwd=repository)) == ["overview", "share"]


def test_they_are_written_beside_where_the_user_says_so(run_soon, repository):
    (repository / "notes/tests.py").write_text("# mine\n")
    done = run_soon("convert", "--write", "--allow-dirty", cwd=repository)
    assert done.returncode == 0
    assert "async def overview" in (repository / "notes/views.py").read_text()

"""All files or none, and back again byte for byte."""

import os
import stat

import pytest

from unblocker.errors import UnblockError
from unblocker.records.changeset import Changeset, FileChange
from unblocker.rewrite import apply as applying
from unblocker.rewrite import writing
from unblocker.rewrite.apply import apply, undo


def changeset(*files):
    return Changeset("/elsewhere", files, ("view",))


def change(path, before, after, encoding="utf-8"):
    return FileChange(path, encoding, before, after)


@pytest.fixture
def project(tmp_path):
    (tmp_path / "a.py").write_bytes(b"a = 1\r\nb = 2\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.py").write_bytes(b"\xef\xbb\xbfx = '\xc3\xa9'\n")
    return tmp_path


A = change("a.py", "a = 1\r\nb = 2\n", "a = 10\r\nb = 2\n")
B = change("sub/b.py", "x = 'é'\n", "x = 'è'\n", "utf-8-sig")
NEW = change("new/c.py", None, "c = 1\n")


def tree(root):
    """Every file outside .unblock with its bytes."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".unblock" not in path.parts
    }


def test_writes_every_file_in_its_encoding(project):
    apply(changeset(A, B, NEW), project)
    assert tree(project) == {
        "a.py": b"a = 10\r\nb = 2\n",
        "sub/b.py": b"\xef\xbb\xbfx = '\xc3\xa8'\n",
        "new/c.py": b"c = 1\n",
    }


def test_undo_restores_every_byte(project):
    before = tree(project)
    apply(changeset(A, B, NEW), project)
    assert undo(project).files == (A, B, NEW)
    assert tree(project) == before


def test_undo_takes_back_one_changeset_after_the_other(project):
    before = tree(project)
    apply(changeset(A), project)
    apply(changeset(change("a.py", A.after, "a = 3\n"), B), project)
    undo(project)
    assert tree(project)["a.py"] == A.after.encode()
    undo(project)
    assert tree(project) == before
    with pytest.raises(UnblockError, match="nothing to undo") as caught:
        undo(project)
    assert caught.value.code == "U043"


def test_a_file_that_changed_stops_everything(project):
    (project / "sub" / "b.py").write_bytes(b"mine = 1\n")
    before = tree(project)
    with pytest.raises(UnblockError, match=r"sub/b\.py") as caught:
        apply(changeset(A, B), project)
    assert caught.value.code == "U041"
    assert tree(project) == before
    with pytest.raises(UnblockError):
        undo(project)


@pytest.mark.parametrize("path", ["a.py", "new/c.py"])
def test_a_file_that_appeared_or_went_away_stops_everything(project, path):
    if path == "a.py":
        (project / path).unlink()
    else:
        (project / "new").mkdir()
        (project / path).write_bytes(b"")
    before = tree(project)
    with pytest.raises(UnblockError) as caught:
        apply(changeset(B, A, NEW), project)
    assert caught.value.code == "U041"
    assert tree(project) == before


def test_undo_refuses_when_a_file_changed_since(project):
    apply(changeset(A, B), project)
    (project / "a.py").write_bytes(b"a = 99\n")
    before = tree(project)
    with pytest.raises(UnblockError, match=r"a\.py") as caught:
        undo(project)
    assert caught.value.code == "U044"
    assert tree(project) == before


def test_undo_passes_over_what_is_restored_already(project):
    before = tree(project)
    apply(changeset(A, B), project)
    (project / "a.py").write_bytes(before["a.py"])
    undo(project)
    assert tree(project) == before


def test_an_error_half_way_rolls_back(project, monkeypatch):
    before = tree(project)
    put = writing._put

    def failing(path, temporary):
        if path.name == "b.py" and temporary is not None and b"\xc3\xa8" in temporary.read_bytes():
            raise OSError(28, "No space left on device", str(path))
        put(path, temporary)

    monkeypatch.setattr(writing, "_put", failing)
    with pytest.raises(UnblockError, match="No space left") as caught:
        apply(changeset(NEW, A, B), project)
    assert caught.value.code == "U042"
    assert tree(project) == before
    assert list((project / ".unblock" / "undo").iterdir()) == []


def test_an_interrupt_half_way_rolls_back(project, monkeypatch):
    before = tree(project)
    put = writing._put
    calls = []

    def interrupted(path, temporary):
        put(path, temporary)
        calls.append(path)
        if len(calls) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(writing, "_put", interrupted)
    with pytest.raises(KeyboardInterrupt):
        apply(changeset(A, B), project)
    assert tree(project) == before


def test_no_temporary_files_are_left(project):
    apply(changeset(A, B), project)
    assert sorted(path.name for path in project.iterdir()) == [".unblock", "a.py", "sub"]
    assert [path.name for path in (project / "sub").iterdir()] == ["b.py"]


def test_modes_stay(project):
    (project / "a.py").chmod(0o750)
    apply(changeset(A), project)
    assert stat.S_IMODE((project / "a.py").stat().st_mode) == 0o750


def test_a_symbolic_link_stays_one(project):
    (project / "link.py").symlink_to("sub/b.py")
    apply(changeset(change("link.py", B.before, B.after, B.encoding)), project)
    assert (project / "link.py").is_symlink()
    assert (project / "sub" / "b.py").read_bytes() == b"\xef\xbb\xbfx = '\xc3\xa8'\n"


@pytest.mark.parametrize("path", ["../outside.py", "link/outside.py"])
def test_nothing_outside_the_project_is_written(project, tmp_path_factory, path):
    outside = tmp_path_factory.mktemp("outside")
    (project / "link").symlink_to(outside)
    with pytest.raises(UnblockError) as caught:
        apply(changeset(A, change(path, None, "x = 1\n")), project)
    assert caught.value.code == "U046"
    assert (project / "a.py").read_bytes() == A.before.encode()
    assert list(outside.iterdir()) == []


def test_a_file_that_may_not_be_written_stops_everything(project, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith("b.py"))
    before = tree(project)
    with pytest.raises(UnblockError, match=r"b\.py") as caught:
        apply(changeset(A, B), project)
    assert caught.value.code == "U042"
    assert tree(project) == before


def test_an_empty_changeset_writes_nothing(project):
    apply(changeset(), project)
    assert not (project / applying.STATE).exists()


def test_git_ignores_what_undo_needs(project):
    apply(changeset(A), project)
    assert (project / ".unblock" / ".gitignore").read_text() == "*\n"

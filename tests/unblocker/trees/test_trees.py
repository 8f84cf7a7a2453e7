"""Copies of a project, converted."""

import os
import stat

import pytest

from unblocker.records.changeset import Changeset, FileChange
from unblocker.trees import materialise


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "project"
    for path in (
        "manage.py",
        "shop/views.py",
        "shop/__pycache__/views.pyc",
        ".git/HEAD",
        ".unblock/plan.json",
        "node_modules/x/index.js",
        "env/pyvenv.cfg",
        "env/bin/python",
        "static/.keep",
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)
    return root


def files(root):
    return sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if not p.is_dir())


def test_copies_what_the_project_needs(project, tmp_path):
    materialise(project, tmp_path / "copy", None)
    assert files(tmp_path / "copy") == ["manage.py", "shop/views.py", "static/.keep"]


def test_lays_the_changeset_over_the_copy_only(project, tmp_path):
    changes = (
        FileChange("shop/views.py", "utf-8-sig", "shop/views.py", "é\r\n"),
        FileChange("new/asgi.py", "utf-8", None, "x = 1\n"),
    )
    materialise(project, tmp_path / "copy", Changeset("", changes, ()))
    assert (tmp_path / "copy/shop/views.py").read_bytes() == "\ufeffé\r\n".encode()
    assert (tmp_path / "copy/new/asgi.py").read_text() == "x = 1\n"
    assert (project / "shop/views.py").read_text() == "shop/views.py"
    assert not (project / "new").exists()


def test_modes_and_times_stay(project, tmp_path):
    (project / "manage.py").chmod(0o755)
    os.utime(project / "manage.py", (1, 1))
    materialise(project, tmp_path / "copy", None)
    status = (tmp_path / "copy/manage.py").stat()
    assert stat.S_IMODE(status.st_mode) == 0o755
    assert status.st_mtime == 1


def test_a_link_into_the_project_leads_into_the_copy(project, tmp_path):
    (project / "inner").symlink_to("shop")
    (project / "shop/absolute.py").symlink_to(project / "manage.py")
    (project / "dangling").symlink_to("nothing")
    (project / "self").symlink_to(".")
    copy = tmp_path / "copy"
    materialise(project, copy, None)
    assert (copy / "inner").resolve() == copy / "shop"
    assert (copy / "shop/absolute.py").resolve() == copy / "manage.py"
    assert (copy / "dangling").is_symlink()
    assert (copy / "self").resolve() == copy


def test_a_link_out_of_the_project_leads_where_it_did(project, tmp_path):
    (tmp_path / "shared").mkdir()
    (project / "media").symlink_to("../shared")
    materialise(project, tmp_path / "deep" / "copy", None)
    assert (tmp_path / "deep/copy/media").resolve() == tmp_path / "shared"


def test_a_changed_file_behind_such_a_link_is_not_written_to(project, tmp_path):
    (tmp_path / "outside.py").write_text("old")
    (project / "link.py").symlink_to(tmp_path / "outside.py")
    changes = (FileChange("link.py", "utf-8", "old", "new"),)
    materialise(project, tmp_path / "copy", Changeset("", changes, ()))
    assert (tmp_path / "copy/link.py").read_text() == "new"
    assert (tmp_path / "outside.py").read_text() == "old"


def test_a_copy_inside_the_project_does_not_copy_itself(project):
    materialise(project, project / "out" / "copy", None)
    assert files(project / "out/copy") == ["manage.py", "shop/views.py", "static/.keep"]


def test_an_existing_target_is_refused(project, tmp_path):
    (tmp_path / "copy").mkdir()
    with pytest.raises(FileExistsError):
        materialise(project, tmp_path / "copy", None)

"""What an answer rests on: which changes are noticed, and which make no difference."""

import ctypes.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from unblocker.cache.stamps import State, state_of
from unblocker.cache.watching import Seen, watching


def state(look: Callable[[], object], folder: Path) -> State | None:
    """What `look` rests on, where files below `folder` are the project's."""
    time.sleep(0.1)  # as if nobody had touched a file for a while
    since = time.time_ns()
    with watching() as seen:
        look()
    return state_of(seen, (), folder, since)


def sure(look: Callable[[], object], folder: Path) -> State:
    found = state(look, folder)
    assert found is not None
    assert found.holds()
    return found


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text("one")
    return path


def test_nothing_changed(page: Path) -> None:
    sure(page.read_text, page.parent)


def test_another_content(page: Path) -> None:
    found = sure(page.read_text, page.parent)
    page.write_text("another")
    assert not found.holds()


def test_another_content_of_the_same_size_and_time(page: Path) -> None:
    before = page.stat()
    found = sure(page.read_text, page.parent)
    page.write_text("two")
    os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert page.stat().st_mtime_ns == before.st_mtime_ns
    assert not found.holds()


def test_the_same_content_written_again_makes_no_difference(page: Path) -> None:
    found = sure(page.read_text, page.parent)
    page.write_text("one")
    os.utime(page)
    assert found.holds()


def test_a_new_hard_link_to_a_librarys_file_makes_no_difference(page: Path) -> None:
    library = page.parent / "project"

    def look() -> None:
        page.read_text()
        page.with_name("linked.html").hardlink_to(page)

    found = state(look, library)
    assert found is not None
    page.with_name("again.html").hardlink_to(page)
    assert found.holds()


def test_a_deleted_file(page: Path) -> None:
    found = sure(page.read_text, page.parent)
    page.unlink()
    assert not found.holds()


def test_a_file_that_was_looked_for_in_vain(tmp_path: Path) -> None:
    missing = tmp_path / "local.cfg"

    def look() -> None:
        with pytest.raises(FileNotFoundError):
            missing.read_text()

    found = sure(look, tmp_path)
    missing.write_text("")
    assert not found.holds()


def test_a_path_that_was_only_asked_for(tmp_path: Path) -> None:
    flag = tmp_path / "debug"
    found = sure(flag.exists, tmp_path)
    flag.touch()
    assert not found.holds()


def test_a_file_in_a_folders_place(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    found = sure(there.is_dir, tmp_path)
    there.rmdir()
    there.touch()
    assert not found.holds()


def test_a_new_name_in_a_folder_that_was_listed(tmp_path: Path) -> None:
    found = sure(lambda: list(tmp_path.glob("*")), tmp_path)
    (tmp_path / "new.py").touch()
    assert not found.holds()


def test_compiled_code_and_our_own_folder_make_no_difference(tmp_path: Path) -> None:
    found = sure(lambda: list(tmp_path.glob("*")), tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / ".unblock").mkdir()
    assert found.holds()


def test_a_project_that_lies_in_such_a_folder_is_compared(tmp_path: Path) -> None:
    project = tmp_path / ".unblock" / "copy"
    project.mkdir(parents=True)
    settings = project / "settings.py"
    settings.write_text("one")
    found = sure(settings.read_text, project)
    settings.write_text("another")
    assert not found.holds()


def test_a_link_that_leads_elsewhere(page: Path) -> None:
    other = page.with_name("other.html")
    other.write_text("two")
    link = page.with_name("link.html")
    link.symlink_to(page)
    found = sure(link.read_text, page.parent)
    link.unlink()
    link.symlink_to(other)
    assert not found.holds()


def test_a_variable_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_MODE", "a")
    found = sure(lambda: os.environ.get("SHOP_MODE"), tmp_path)
    monkeypatch.setenv("SHOP_MODE", "b")
    assert not found.holds()
    monkeypatch.delenv("SHOP_MODE")
    assert not found.holds()


def test_a_variable_that_was_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = sure(lambda: "SHOP_MODE" in os.environ, tmp_path)
    monkeypatch.setenv("SHOP_MODE", "")
    assert not found.holds()


def test_a_variable_that_nobody_read_makes_no_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = sure(lambda: os.environ.get("SHOP_MODE"), tmp_path)
    monkeypatch.setenv("SHOP_OTHER", "b")
    assert found.holds()


def test_all_variables_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = sure(lambda: dict(os.environ), tmp_path)
    monkeypatch.setenv("COLUMNS", "77")
    assert found.holds()
    monkeypatch.setenv("SHOP_OTHER", "b")
    assert not found.holds()


def test_a_variable_counts_as_it_was_before_the_code_set_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look() -> str:
        os.environ.setdefault("SHOP_MODE", "made up")
        return os.environ["SHOP_MODE"]

    found = state(look, tmp_path)
    assert found is not None
    assert not found.holds()
    monkeypatch.delenv("SHOP_MODE")
    assert found.holds()


def test_values_of_variables_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_SECRET", "hunter2")
    assert "hunter2" not in str(sure(lambda: os.environ["SHOP_SECRET"], tmp_path))


def test_a_file_that_is_only_written_makes_no_difference(page: Path) -> None:
    found = state(lambda: page.write_text("log"), page.parent)
    assert found is not None
    page.write_text("more")
    assert found.holds()


def test_a_file_that_changed_meanwhile_leaves_nothing_to_keep(page: Path) -> None:
    def look() -> None:
        page.write_text("two")
        page.read_text()

    assert state(look, page.parent) is None


def test_other_processes_leave_nothing_to_keep(tmp_path: Path) -> None:
    assert state(lambda: subprocess.run([sys.executable, "-V"], check=True), tmp_path) is None


def test_the_standard_librarys_own_processes_make_no_difference(tmp_path: Path) -> None:
    assert state(lambda: ctypes.util.find_library("no such library"), tmp_path) is not None


def test_connections_leave_nothing_to_keep(tmp_path: Path) -> None:
    def look() -> None:
        with socket.socket() as one, pytest.raises(OSError, match="refused"):
            one.connect(("127.0.0.1", 1))

    assert state(look, tmp_path) is None


def test_afterwards_all_is_as_before() -> None:
    stat, environment = os.stat, type(os.environ)
    with watching():
        pass
    assert os.stat is stat
    assert type(os.environ) is environment


def test_nobody_is_told_what_happens_outside(tmp_path: Path) -> None:
    with watching() as seen:
        pass
    before = Seen(set(seen.read), set(seen.listed))
    list(tmp_path.iterdir())
    assert (seen.read, seen.listed) == (before.read, before.listed)

"""Diffs that `patch` takes."""

import shutil
import subprocess

import pytest

from unblocker.records.changeset import Changeset, FileChange
from unblocker.rewrite.diff import diff, file_diff

CHANGE = FileChange("shop/a.py", "utf-8", "a\r\nb\nc\x0cd\ne", "a\r\nB\nc\x0cd\ne\n")
NEW = FileChange("shop/new.py", "utf-8", None, "x = 1\n")


def test_names_both_sides_and_the_missing_newline():
    assert file_diff(CHANGE) == (
        "--- a/shop/a.py\n+++ b/shop/a.py\n@@ -1,4 +1,4 @@\n a\r\n-b\n+B\n c\x0cd\n"
        "-e\n\\ No newline at end of file\n+e\n"
    )


def test_a_new_file_comes_from_nowhere():
    assert file_diff(NEW) == "--- /dev/null\n+++ b/shop/new.py\n@@ -0,0 +1 @@\n+x = 1\n"


def test_no_change_no_diff():
    assert file_diff(FileChange("a.py", "utf-8", "a\n", "a\n")) == ""


def test_git_applies_the_whole(tmp_path):
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "a.py").write_bytes(CHANGE.before.encode())
    patch = diff(Changeset("", (CHANGE, NEW), ()))
    subprocess.run([git, "apply", "-"], input=patch.encode(), cwd=tmp_path, check=True)
    assert (tmp_path / "shop" / "a.py").read_bytes() == CHANGE.after.encode()
    assert (tmp_path / "shop" / "new.py").read_bytes() == NEW.after.encode()

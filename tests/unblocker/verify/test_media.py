"""The folders of uploaded files go back to what they held."""

from pathlib import Path

import pytest

from unblocker.verify.media import Media

SIDES = ("old", "control", "new")


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    made = {side: tmp_path / side for side in SIDES}
    for folder in made.values():
        folder.mkdir()
    return made


def held(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_what_came_into_an_empty_folder_goes(folders: dict[str, Path], tmp_path: Path) -> None:
    media = Media(folders, tmp_path / "kept")
    media.keep()
    (folders["new"] / "a.txt").write_text("new")
    media.put_back(SIDES)
    assert held(folders["new"]) == {}


def test_what_was_kept_comes_back(folders: dict[str, Path], tmp_path: Path) -> None:
    media = Media(folders, tmp_path / "kept")
    (folders["old"] / "a.txt").write_text("first")
    media.keep()
    (folders["old"] / "a.txt").write_text("second")
    media.put_back(SIDES)
    assert [held(folders[side]) for side in SIDES] == [{"a.txt": "first"}] * 3


def test_all_are_put_in_line_with_the_old_side(folders: dict[str, Path], tmp_path: Path) -> None:
    media = Media(folders, tmp_path / "kept")
    (folders["old"] / "a.txt").write_text("old")
    (folders["new"] / "b.txt").write_text("new")
    media.align()
    assert [held(folders[side]) for side in SIDES] == [{"a.txt": "old"}] * 3


def test_a_file_more_is_a_change(folders: dict[str, Path], tmp_path: Path) -> None:
    media = Media(folders, tmp_path / "kept_of_one_more")
    media.keep()
    assert not media.has_changed("new")
    (folders["new"] / "one_more.png").write_bytes(b"x")
    assert media.has_changed("new")
    media.put_back(("new",))
    assert not media.has_changed("new")

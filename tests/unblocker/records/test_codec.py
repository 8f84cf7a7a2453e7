from pathlib import Path

import pytest

from tests.unblocker.plan.builders import function, read, render, survey_of
from unblocker.errors import UnblockError
from unblocker.records.changeset import Changeset, FileChange
from unblocker.records.codec import from_json, load, save, to_json
from unblocker.records.survey import Survey


def test_a_survey_goes_to_json_and_back() -> None:
    survey = survey_of(function("page", read("a"), render("b")))
    assert from_json(to_json(survey), Survey) == survey


def test_text_survives_whatever_its_line_ends(tmp_path: Path) -> None:
    change = FileChange("a.py", "utf-8", "x = 1\r\ny = 'ü'\n", "x = 2\r\n\f")
    changeset = Changeset("/project", (change,), ("app.views.page",))
    save(changeset, tmp_path / "deep" / "changeset.json")
    assert load(tmp_path / "deep" / "changeset.json", Changeset) == changeset
    assert [one.name for one in (tmp_path / "deep").iterdir()] == ["changeset.json"]


def test_a_missing_record_names_its_file(tmp_path: Path) -> None:
    with pytest.raises(UnblockError, match=r"U005 .*plan\.json does not exist"):
        load(tmp_path / "plan.json", Survey)


@pytest.mark.parametrize("text", ["", "{", '{"views": 3}', "[]"])
def test_something_else_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "survey.json"
    path.write_text(text)
    with pytest.raises(UnblockError, match="U006"):
        load(path, Survey)


def test_a_failed_save_leaves_the_old_record(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    save(Changeset("/", (), ()), path)
    before = path.read_bytes()
    with pytest.raises(TypeError):
        save(object(), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]

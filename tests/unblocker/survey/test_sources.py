import ast
from pathlib import Path

import pytest

from unblocker.survey.sources import Source, Sources


def read(tmp_path: Path, data: bytes) -> Source:
    path = tmp_path / "module.py"
    path.write_bytes(data)
    source = Sources(tmp_path.resolve()).read(path)
    assert source is not None
    return source


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_places_count_characters_whatever_ends_a_line(tmp_path: Path, ending: str) -> None:
    text = f"a = 1{ending}ö = 'ä'; b = 2{ending}"
    source = read(tmp_path, text.encode())
    place = source.place(source.tree.body[2])
    assert (place.line, place.column, place.end_column) == (2, 9, 14)


def test_another_encoding(tmp_path: Path) -> None:
    source = read(tmp_path, "# -*- coding: latin-1 -*-\nö = 'ä'; b = 2\n".encode("latin-1"))
    assert source.place(source.tree.body[1]).column == 9


def test_a_definition_begins_with_its_decorators(tmp_path: Path) -> None:
    source = read(tmp_path, b"class A:\n    @property\n    def b(self):\n        return 1\n")
    holder = source.tree.body[0]
    assert isinstance(holder, ast.ClassDef)
    place = source.place(holder.body[0])
    assert (place.line, place.column, place.end_line) == (2, 4, 4)
    assert [name for name, _ in source.definitions.values()] == ["A.b"]


def test_libraries_inside_the_folder_are_not_the_projects(tmp_path: Path) -> None:
    sources = Sources(tmp_path.resolve())
    assert sources.owns(tmp_path / "shop" / "views.py")
    assert not sources.owns(tmp_path / ".venv" / "lib" / "x.py")
    assert not sources.owns(tmp_path.parent / "x.py")


def test_code_without_a_file_is_nobodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dataclass's `__init__` comes from `<string>`; the folder must not make a file of the project out of it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "views.py").write_text("a = 1\n")
    sources = Sources(tmp_path.resolve())
    assert not sources.owns("<string>")
    assert not sources.owns("generated")
    assert sources.owns("views.py")


def test_the_files_read_have_their_lines(tmp_path: Path) -> None:
    (tmp_path / "views.py").write_text("a = 1\n\nb = 2\n")
    (tmp_path / "page.html").write_text("{{ a }}")
    sources = Sources(tmp_path.resolve())
    sources.read(tmp_path / "views.py")
    sources.note(tmp_path / "page.html")
    assert [(file.path, file.lines) for file in sources.files()] == [
        ("page.html", 1),
        ("views.py", 3),
    ]


def test_a_file_that_is_not_python_is_a_problem_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "old.py").write_text("a = 1\nprint 'x'\n")
    sources = Sources(tmp_path.resolve())
    assert sources.read(tmp_path / "old.py") is None
    assert [(one.code, str(one.place)) for one in sources.problems] == [("U400", "old.py:2")]

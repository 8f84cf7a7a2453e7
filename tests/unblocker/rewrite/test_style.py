"""The line length that the project names; without one, that of the file."""

import pytest

from unblocker.rewrite.style import line_length, width_of


@pytest.mark.parametrize(
    ("files", "width"),
    [
        ({}, None),
        ({"pyproject.toml": "[tool.ruff.lint]\nselect = ['E']\n"}, 88),
        ({"pyproject.toml": "[tool.black]\npreview = true\n"}, 88),
        ({"pyproject.toml": "[tool.ruff]\nline-length = 100\n"}, 100),
        ({"pyproject.toml": "[tool.black]\nline-length = 79\n"}, 79),
        ({"pyproject.toml": "[project]\nname = 'x'\n", "setup.cfg": "[flake8]\nmax-line-length = 119\n"}, 119),
        ({".flake8": "[flake8]\nmax-line-length = 99\n"}, 99),
        ({"ruff.toml": "line-length = 120\n", "pyproject.toml": "[tool.ruff]\nline-length = 100\n"}, 120),
        ({"pyproject.toml": "not toml"}, None),
        ({"setup.cfg": "[flake8]\nmax-line-length = wide\n"}, None),
    ],
)  # fmt: skip
def test_line_length(tmp_path, files, width):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert line_length(tmp_path) == width


def call(letters: int) -> str:
    return f"total = compute({'x' * letters})\n"


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 88),
        (call(10), 88),
        (call(83), 100),
        (call(200), 120),
        ("# " + call(83), 88),
        ('"""\n' + "words " * 18 + '\n"""\n', 88),
    ],
)
def test_a_file_without_a_formatter_stays_as_wide_as_it_is(text, width):
    assert width_of(text) == width

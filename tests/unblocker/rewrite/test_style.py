"""The line length that the project names."""

import pytest

from unblocker.rewrite.style import line_length


@pytest.mark.parametrize(
    ("files", "width"),
    [
        ({}, 88),
        ({"pyproject.toml": "[tool.ruff]\nline-length = 100\n"}, 100),
        ({"pyproject.toml": "[tool.black]\nline-length = 79\n"}, 79),
        ({"pyproject.toml": "[project]\nname = 'x'\n", "setup.cfg": "[flake8]\nmax-line-length = 119\n"}, 119),
        ({".flake8": "[flake8]\nmax-line-length = 99\n"}, 99),
        ({"ruff.toml": "line-length = 120\n", "pyproject.toml": "[tool.ruff]\nline-length = 100\n"}, 120),
        ({"pyproject.toml": "not toml"}, 88),
        ({"setup.cfg": "[flake8]\nmax-line-length = wide\n"}, 88),
    ],
)  # fmt: skip
def test_line_length(tmp_path, files, width):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert line_length(tmp_path) == width

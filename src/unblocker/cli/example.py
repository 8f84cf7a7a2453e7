"""The sample project that `demo` runs when it is given none."""

from pathlib import Path

import unblocker
from unblocker.errors import UnblockError


def find_example() -> Path:
    """The folder of the sample project: packaged with the tool, or in the repository it is run from.

    Raises:
        UnblockError: there is none (U003).
    """
    package = Path(unblocker.__file__).parent
    candidates = (package / "example", *sorted((package.parents[1] / "examples").glob("*")))
    for folder in candidates:
        if (folder / "manage.py").is_file():
            return folder
    raise UnblockError(
        "U003",
        "this installation carries no sample project",
        hint="Name a project that has [tool.django-unblock.demo] in its pyproject.toml.",
    )

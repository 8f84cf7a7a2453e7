"""Projects of several sizes, composed from published apps whose code is made the project's own."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tools.environments import Environment, environment
from unblocker.survey.sources import Sources

HERE = Path(__file__).parent
_MANAGE = 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "composed.settings")\n'


FORUM = ("machina",)
FORUMS_AND_HELP = ("machina", "spirit", "helpdesk")
EVERYTHING = (
    *FORUMS_AND_HELP, "django_ledger", "wiki", "django_nyt", "allauth", "photologue", "newsletter",
)  # fmt: skip
SIZES = (FORUM, FORUMS_AND_HELP, EVERYTHING)
"""The packages that the projects are composed of: about 10,000, 50,000 and 160,000 lines."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project to be surveyed, and how much Python there is in it."""

    root: Path
    packages: tuple[str, ...]
    installed: Environment
    files: int
    lines: int

    @property
    def variables(self) -> dict[str, str]:
        """The environment of a process that surveys it."""
        paths = f"{self.installed.variables['PYTHONPATH']}:{HERE.parents[1]}"
        return {
            **self.installed.variables,
            "COMPOSED": ",".join(self.packages),
            "PYTHONPATH": paths,
        }


def install() -> Environment:
    """The apps with all that they need, from the network the first time."""
    wanted = (HERE / "requirements.txt").read_text().split()
    return environment("survey-benchmark", wanted, print)


def compose(root: Path, installed: Environment, packages: tuple[str, ...]) -> Project:
    """Make the project at `root`, with the packages' code as its own."""
    root.mkdir(parents=True)
    (root / "manage.py").write_text(_MANAGE)
    shutil.copytree(HERE / "composed", root / "composed", ignore=_IGNORED)
    for package in packages:
        shutil.copytree(installed.packages / package, root / package, ignore=_IGNORED)
    files = list(Sources(root).project_files())
    lines = sum(path.read_bytes().count(b"\n") for path in files)
    return Project(root, packages, installed, len(files), lines)


_IGNORED = shutil.ignore_patterns("__pycache__", "*.pyc", "project_template", "static", "locale")

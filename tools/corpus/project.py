"""The project that is converted: the sdist with the recipe's site over it, in a git repository of its own."""

import shutil
import subprocess
from pathlib import Path

from tools import environments, sdists
from tools.corpus.recipes import HERE, Recipe

RUN_SETTINGS = "corpus_run"
"""The settings module of every run: the recipe's, with the run's database and runner over it."""
_MANAGE = f"""\
import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{RUN_SETTINGS}")

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
"""
_SETTINGS = """\
import os

from {settings} import *

if os.environ.get("CORPUS_APP") and "django_unblock" not in INSTALLED_APPS:
    INSTALLED_APPS = [*INSTALLED_APPS, "django_unblock"]
DATABASES = {{
    "default": {{
        "ENGINE": os.environ["CORPUS_ENGINE"],
        "NAME": "corpus",
        "HOST": os.environ["CORPUS_HOST"],
        "PORT": os.environ["CORPUS_PORT"],
        "USER": "postgres",
        "TEST": {{"NAME": os.environ["CORPUS_DATABASE"]}},
    }}
}}
TEST_RUNNER = "suite_runner.Runner"
"""


def make_project(recipe: Recipe, folder: Path) -> None:
    """Have the app's code as published, with all that its suite needs, in `folder`, committed.

    Raises:
        CannotFetchError: the sdist can't be had.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    sdists.unpack(recipe, folder, environments.cache().with_name("sdists"))
    shutil.copytree(HERE / "site", folder, dirs_exist_ok=True)
    if recipe.site.exists():
        shutil.copytree(recipe.site, folder, dirs_exist_ok=True)
    (folder / f"{RUN_SETTINGS}.py").write_text(_SETTINGS.format(settings=recipe.settings))
    if not (folder / "manage.py").exists():
        (folder / "manage.py").write_text(_MANAGE)
    _git(folder, "init", "--quiet")
    (folder / ".git" / "info" / "exclude").write_text("__pycache__/\n")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", f"{recipe.name} {recipe.version}")


def lines_changed(folder: Path) -> tuple[int, int]:
    """How many lines the conversion has added and removed."""
    added = removed = 0
    for line in _git(folder, "diff", "--numstat", "HEAD").splitlines():
        more, fewer, _ = line.split("\t")
        added, removed = added + int(more), removed + int(fewer)
    return added, removed


def _git(folder: Path, *words: str) -> str:
    who = (
        "-c",
        "user.name=corpus",
        "-c",
        "user.email=corpus@localhost",
        "-c",
        "core.autocrlf=false",
    )
    command = ["git", "-C", str(folder), *who, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout

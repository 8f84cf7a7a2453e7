"""The source of a project: its sdist from the index, unpacked, with a site around it to survey it in."""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from tools import environments
from tools.survey_accuracy.projects import HERE, Project

SITE = HERE / "site"


class CannotFetchError(Exception):
    """The sdist can't be had, or is not the one that the table is of; the message says why."""


def source(project: Project) -> Path:
    """The folder that holds the project's source, with a manage.py and settings.

    Raises:
        CannotFetchError: pip can't get the sdist, or its hash is another.
    """
    cache = environments.cache().with_name("accuracy")
    folder = cache / f"{project.name}-{project.version}"
    if not folder.exists():
        _unpack(_download(project, cache), folder)
    shutil.copyfile(SITE / "manage.py", folder / "manage.py")
    shutil.copytree(SITE / "accuracy_site", folder / "accuracy_site", dirs_exist_ok=True)
    shutil.copyfile(SITE / "settings" / project.settings, folder / "accuracy_site" / "settings.py")
    return folder


def _download(project: Project, cache: Path) -> Path:
    downloads = cache / "downloads" / project.name
    downloads.mkdir(parents=True, exist_ok=True)
    wanted = downloads / "requirement.txt"
    pin = f"{project.name}=={project.version} --hash=sha256:{project.sha256}\n"
    wanted.write_text(pin, encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--no-binary", ":all:", "--require-hashes"]
    command += ["--dest", str(downloads), "--requirement", str(wanted)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    archives = list(downloads.glob("*.tar.gz"))
    if ended.returncode or len(archives) != 1:
        raise CannotFetchError(f"{project.name} {project.version}: {ended.stderr.strip()}")
    return archives[0]


def _unpack(archive: Path, folder: Path) -> None:
    half = folder.with_name(f"{folder.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    with tarfile.open(archive) as tar:
        tar.extractall(half, filter="data")
    [unpacked] = half.iterdir()
    unpacked.rename(folder)
    half.rmdir()

"""Published sdists, known by their hashes, unpacked."""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Protocol


class CannotFetchError(Exception):
    """The sdist can't be had, or is not the one that was meant; the message says why."""


class Release(Protocol):
    """What names an sdist."""

    @property
    def name(self) -> str:
        """The distribution's name."""

    @property
    def version(self) -> str:
        """Its exact version."""

    @property
    def sha256(self) -> str:
        """The hash of its `.tar.gz`."""


def unpack(release: Release, folder: Path, downloads: Path) -> None:
    """Have the sdist's content in `folder`, which is only there once it is whole; archives are kept in `downloads`.

    Raises:
        CannotFetchError: pip can't get the sdist, or its hash is another.
    """
    archive = _download(release, downloads / release.name)
    half = folder.with_name(f"{folder.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    with tarfile.open(archive) as tar:
        tar.extractall(half, filter="data")
    [unpacked] = half.iterdir()
    unpacked.rename(folder)
    half.rmdir()


def _download(release: Release, downloads: Path) -> Path:
    downloads.mkdir(parents=True, exist_ok=True)
    wanted = downloads / "requirement.txt"
    pin = f"{release.name}=={release.version} --hash=sha256:{release.sha256}\n"
    wanted.write_text(pin, encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--no-binary", ":all:", "--require-hashes"]
    command += ["--dest", str(downloads), "--requirement", str(wanted)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    archives = list(downloads.glob(f"*{release.version}.tar.gz"))
    if ended.returncode or len(archives) != 1:
        raise CannotFetchError(f"{release.name} {release.version}: {ended.stderr.strip()}")
    return archives[0]

"""Where Django's tests come from: the sdist of the installed version, by pip; other versions in a venv."""

import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".unblock" / "django-suite"
_VERSIONS = """
import platform
from importlib.metadata import version
print(version("django"))
print("Python", platform.python_version())
for name in ("asgiref", "psycopg", "psycopg-pool", "greenlet"):
    print(name, version(name))
"""


@dataclass(frozen=True, slots=True)
class Source:
    """One version of Django with its tests.

    Attributes:
        version: the exact version.
        packages: what else is installed that matters, with versions.
        python: an interpreter that has it installed.
        tests: the folder of its tests.
    """

    version: str
    packages: str
    python: Path
    tests: Path


def get(series: str | None) -> Source:
    """Return the installed Django with its tests, or the newest release of a series such as 5.2.

    Raises:
        subprocess.CalledProcessError: pip can't install or download it.
    """
    python = Path(sys.executable) if series is None else _environment(series)
    version, *packages = _ask(python, _VERSIONS).splitlines()
    return Source(version, ", ".join(packages), python, _unpacked(version) / "tests")


def _ask(python: Path, code: str) -> str:
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout


def _environment(series: str) -> Path:
    folder = CACHE / f"venv-{series}"
    python = folder / "bin" / "python"
    done = folder / ".installed"
    if not done.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        wanted = ["--editable", f"{ROOT}[binary]", f"Django~={series}.0"]
        subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=True)
        done.touch()
    return python


def _unpacked(version: str) -> Path:
    folder = CACHE / f"django-{version}"
    if not folder.exists():
        downloads = CACHE / "downloads"
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", downloads]
        download += ["--no-deps", "--no-binary", "django", f"django=={version}"]
        subprocess.run(download, check=True)
        [archive] = downloads.glob(f"[Dd]jango-{version}.tar.gz")
        with tarfile.open(archive) as tar:
            tar.extractall(CACHE, filter="data")
    return folder

"""Writes the lock files anew: `python -m tools.survey_wild.lock`."""

import subprocess
import sys
from pathlib import Path

from tools.survey_wild.packages import SERIES, lock_file, table


def main() -> None:
    """Pin the newest versions that go together, on each series of Django."""
    packages = table().packages
    for series in SERIES:
        chosen = [package for package in packages if package.django == series]
        asked = [f"Django~={series}.0", *(package.requirement for package in chosen)]
        asked += [each for package in chosen for each in package.requirements]
        _compile(asked, lock_file(series))


def _compile(asked: list[str], target: Path) -> None:
    uv = Path(sys.executable).with_name("uv")
    options = ["--quiet", "--upgrade", "--no-annotate", "--no-header", "--no-emit-index-url"]
    options += ["--python", sys.executable, "--no-emit-find-links", "--output-file", str(target)]
    subprocess.run(
        [uv, "pip", "compile", *options, "-"], input="\n".join(asked), text=True, check=True
    )


if __name__ == "__main__":
    main()

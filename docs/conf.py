"""Sphinx configuration: `make docs`."""

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "django-unblock"
author = "the django-unblock maintainers"
copyright = "2026, the django-unblock maintainers"
release = installed_version("django-unblock")
version = release

extensions = ["catalog_family", "known_mistakes", "myst_parser"]
exclude_patterns = ["_build", "_ext"]
source_suffix = {".md": "markdown"}
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nitpicky = True

html_theme = "furo"
html_title = "django-unblock"
html_copy_source = False

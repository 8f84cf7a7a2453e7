"""The source of a project: its sdist from the index, unpacked, with a site around it to survey it in."""

import shutil
from pathlib import Path

from tools import environments, sdists
from tools.survey_accuracy.projects import HERE, Project

SITE = HERE / "site"


def source(project: Project) -> Path:
    """The folder that holds the project's source, with a manage.py and settings.

    Raises:
        CannotFetchError: pip can't get the sdist, or its hash is another than that of the table's.
    """
    cache = environments.cache().with_name("accuracy")
    folder = cache / f"{project.name}-{project.version}"
    if not folder.exists():
        sdists.unpack(project, folder, cache / "downloads")
    shutil.copyfile(SITE / "manage.py", folder / "manage.py")
    shutil.copytree(SITE / "accuracy_site", folder / "accuracy_site", dirs_exist_ok=True)
    shutil.copyfile(SITE / "settings" / project.settings, folder / "accuracy_site" / "settings.py")
    return folder

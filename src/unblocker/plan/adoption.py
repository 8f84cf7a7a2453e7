"""What the project's own files need so that it runs on the runtime."""

from unblocker.records.engines import ENGINES
from unblocker.records.plan import Adoption
from unblocker.records.survey import Project

APP = "django_unblock"


def adoption_of(project: Project) -> Adoption | None:
    """The settings and ASGI changes that are still to be made; None where the project has adopted the runtime."""
    aliases = tuple(one.alias for one in project.databases if one.engine in ENGINES)
    add_app = APP not in project.installed_apps
    if not (aliases or add_app):
        return None
    return Adoption(
        settings_files=project.settings_files,
        aliases=aliases,
        add_app=add_app,
        asgi_file=project.asgi_file,
    )

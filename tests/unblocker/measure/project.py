"""The tiny project of these tests, as an app to be served and measured."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from unblocker.measure.servers import App
from unblocker.records.measurement import Side
from unblocker.services.environment import Services

TREE = Path(__file__).parent / "tiny"


@dataclass(frozen=True)
class Tiny:
    """The project with its services up and one user, ann."""

    services: Services

    def app(self, side: Side, **variables: str) -> App:
        environment = {
            "TINY_DATABASE": self.services.database.name,
            "TINY_PORT": str(self.services.database.port),
            "TINY_SMTP_PORT": str(self.services.smtp.port),
            "TINY_API": self.services.upstream.url if self.services.upstream else "",
        }
        wsgi, asgi = "tiny_wsgi:application", "tiny_asgi:application"
        return App(side, TREE, environment | variables, wsgi, asgi)

    def manage(self, *arguments: str) -> None:
        environment = self.app("before").whole_environment()
        environment |= {"DJANGO_SETTINGS_MODULE": "tiny_settings"}
        command = [sys.executable, "-m", "django", *arguments]
        subprocess.run(command, cwd=TREE, env=environment, check=True, stdout=subprocess.DEVNULL)

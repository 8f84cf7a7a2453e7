"""A project on loopback with everything around it: services up, a seeded database, the code before and after.

`demo`, `verify` and `bench` share it. The user's tree is only read: what runs are copies under `.unblock/`.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from unblocker.cli.consoles import Progress
from unblocker.cli.management import Management
from unblocker.cli.workspace import Workspace, alone_in, told_unwritable
from unblocker.config import Demo
from unblocker.errors import UnblockError
from unblocker.measure.servers import App
from unblocker.records.changeset import Changeset
from unblocker.records.measurement import Delays, Side
from unblocker.services import postgres
from unblocker.services.environment import ServiceOptions, fill
from unblocker.services.processes import Supervisor
from unblocker.services.stack import Stack, start
from unblocker.trees import materialise

SEEDED = "seeded"
"""The database that `prepare` fills; everything else is cloned from it."""


@dataclass(frozen=True, slots=True)
class Staged:
    """What is up and where it is.

    Attributes:
        folder: copies, logs and results.
        demo: the project's `[tool.django-unblock.demo]`.
    """

    supervisor: Supervisor
    stack: Stack
    demo: Demo
    folder: Path

    def tree(self, side: Side) -> Path:
        """The copy of the project's code before or after."""
        return self.folder / side

    def environment(self, database: str, *, near: bool) -> dict[str, str]:
        """The project's variables for a database; `near` leaves out the delay of its round trips."""
        services = self.stack.services.with_database(database)
        return fill(self.demo.environment, services.near() if near else services)

    def management(self, side: Side, database: str) -> Management:
        """Management commands of one side, on the undelayed database."""
        environment = {**os.environ, **self.environment(database, near=True)}
        return Management(self.supervisor, self.tree(side), environment, self.folder / "logs")

    def lay_after(self, root: Path, changeset: Changeset) -> None:
        """Copy the project with the changeset laid over it."""
        renew(self.tree("after"), root, changeset)

    def app(self, side: Side) -> App:
        """One side ready to be served, on a fresh clone of the seeded database."""
        database = f"measured_{side}"
        self.stack.postgres.clone(SEEDED, database)
        environment = self.environment(database, near=False)
        return App(side, self.tree(side), environment, self.demo.wsgi, self.demo.asgi)

    @property
    def delays(self) -> Delays:
        """How far away the services look."""
        demo = self.demo
        return Delays(demo.database_delay_ms, demo.upstream_delay_ms, demo.smtp_delay_ms)


@contextmanager
def staged(workspace: Workspace, folder: Path, progress: Progress) -> Iterator[Staged]:
    """Bring everything up around a copy of the project, and seed its database.

    Raises:
        UnblockError: the project has no `[tool.django-unblock.demo]` (U003), another run is at work in `folder`
            (U010) or it can't be written (U007), a service did not start, or a command of `prepare` failed (U004).
    """
    demo = demo_of(workspace)
    with alone_in(folder), data_folder() as data, Supervisor() as supervisor:
        renew(folder / "before", workspace.root, None)
        progress("starting the database, the APIs, mail and storage")
        stack = start(supervisor, options_of(demo), folder / "before", data, SEEDED)
        stage = Staged(supervisor, stack, demo, folder)
        for command in demo.prepare:
            progress(f"manage.py {command}")
            stage.management("before", SEEDED).run(command)
        yield stage


@contextmanager
def data_folder() -> Iterator[Path]:
    """A temporary folder for the database's data, removed when its server is gone."""
    data = postgres.temporary_folder()
    try:
        yield data
    finally:
        remove(data)


def demo_of(workspace: Workspace) -> Demo:
    """The project's `[tool.django-unblock.demo]`; `UnblockError` U003 where it has none."""
    if workspace.config.demo is None:
        raise UnblockError(
            "U003",
            f"{workspace.root} has no [tool.django-unblock.demo] in its pyproject.toml",
            hint="It says how to start the project with its services; see the page of this code.",
        )
    return workspace.config.demo


def options_of(demo: Demo) -> ServiceOptions:
    """The services that the project asks for."""
    return ServiceOptions(
        upstream=demo.upstream,
        upstream_delay_ms=demo.upstream_delay_ms,
        database_delay_ms=demo.database_delay_ms,
        smtp_delay_ms=demo.smtp_delay_ms,
        s3_bucket=demo.s3_bucket,
    )


def renew(target: Path, root: Path, changeset: Changeset | None) -> None:
    """A fresh copy of the tree at `root` in `target`; `UnblockError` U007 where it can't be made."""
    with told_unwritable(target):
        shutil.rmtree(target, ignore_errors=True)
        materialise(root, target, changeset)


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """The variables in this process, for as long as the project is loaded in it."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def remove(folder: Path) -> None:
    """Remove the folder; what a process that has just been stopped still writes in it is removed with it."""
    for _ in range(20):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        sleep(0.1)

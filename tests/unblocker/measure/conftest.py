import shutil
from collections.abc import Iterator

import pytest

from tests.unblocker.measure.project import TREE, Tiny
from unblocker.measure import load
from unblocker.measure.load import LoadClient
from unblocker.services import postgres, stack
from unblocker.services.environment import ServiceOptions
from unblocker.services.processes import Supervisor

CREATE_USER = "from django.contrib.auth.models import User; User.objects.create(username='ann')"


@pytest.fixture(scope="session")
def supervisor() -> Iterator[Supervisor]:
    with Supervisor() as supervisor:
        yield supervisor


@pytest.fixture(scope="session")
def tiny(supervisor: Supervisor) -> Iterator[Tiny]:
    folder = postgres.temporary_folder()
    options = ServiceOptions("tiny_api:app")
    tiny = Tiny(stack.start(supervisor, options, TREE, folder, "tiny").services)
    tiny.manage("migrate", "--verbosity", "0")
    tiny.manage("shell", "--verbosity", "0", "--command", CREATE_USER)
    yield tiny
    supervisor.stop_all()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def load_client(
    supervisor: Supervisor, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LoadClient]:
    with load.started(supervisor, tmp_path_factory.mktemp("load") / "load.log") as client:
        yield client

import shutil

import pytest

from tests.unblocker.cli.running import NOTEBOOK, Preloaded


def copy_of_notebook(folder):
    """The notebook in a folder of its own."""
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    return shutil.copytree(NOTEBOOK, folder, ignore=ignored)


@pytest.fixture
def project(tmp_path):
    """A copy of the notebook that a test may change."""
    return copy_of_notebook(tmp_path / "notebook")


@pytest.fixture(scope="session")
def preloaded(tmp_path_factory):
    commands = Preloaded(tmp_path_factory.mktemp("preloaded"))
    yield commands
    commands.close()


@pytest.fixture(scope="session")
def run_soon(preloaded):
    """Runs a short command like `run`, without its imports."""
    return preloaded.run

from collections.abc import Iterator

import pytest

from unblocker.services.processes import Supervisor


@pytest.fixture(scope="session")
def supervisor() -> Iterator[Supervisor]:
    with Supervisor() as supervisor:
        yield supervisor

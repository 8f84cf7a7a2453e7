"""A worker of verify that is asked in one of the three ways, which its environment names."""

import os

from unblocker.verify import worker
from unblocker.verify.protocol import Setup


class Worker(worker.Worker):
    """Sees what verify sees."""

    def _load(self, setup: Setup) -> None:
        super()._load(setup)
        from tests.traps.ways import WAYS

        self._server = WAYS[os.environ["TRAPS_WAY"]]()


if __name__ == "__main__":
    worker.main(Worker)

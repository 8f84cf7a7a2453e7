"""Reads what was committed, past Django and the runtime."""

import psycopg

from tools.chaos.records import Booked, Books, Move
from tools.chaos.traffic import OPENING

BALANCES = "SELECT id, balance FROM project_account"
TRANSFERS = "SELECT token, source_id, target_id, amount FROM project_transfer"
JOBS_DONE = "SELECT token FROM project_jobdone"


def read(conninfo: str) -> Books:
    """Return the balances, the transfers and the jobs done."""
    with psycopg.connect(conninfo) as connection:
        return Books(
            OPENING,
            dict(connection.execute(BALANCES).fetchall()),
            tuple(Booked(token, Move(*move)) for token, *move in connection.execute(TRANSFERS)),
            tuple(token for (token,) in connection.execute(JOBS_DONE)),
        )

"""The requests of a run: made from its seed, each with the answer that is right for it alone."""

import hashlib
import random
from dataclasses import dataclass
from typing import Any

from tools.chaos.records import Ask, Move

ACCOUNTS = 200
USERS = 20
OPENING = 1_000_000
# How often each kind is asked for, in parts of the sum.
WEIGHTS = {
    "transfer": 12,
    "transfer_in_thread": 6,
    "atransfer": 12,
    "gathered": 8,
    "nested": 8,
    "page": 16,
    "slow": 6,
    "stream": 8,
    "astream": 8,
    "upload": 8,
    "job": 8,
}
REFUSALS = 0.1


def owner(pk: int) -> str:
    """The owner of an account."""
    return f"owner {pk} of {pk * 7919}"


def user(number: int) -> str:
    """The name of a user."""
    return f"user-{number}"


@dataclass(frozen=True, slots=True)
class Traffic:
    """The requests that a seed makes; the same seed makes the same ones, whatever order they run in."""

    seed: int

    def ask(self, number: int) -> Ask:
        """Return the request of that number."""
        rng = random.Random(f"{self.seed}/{number}")  # noqa: S311 - not for secrets
        kind = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        return self._of_kind(kind, f"{self.seed}-{number}", rng)

    def held_job(self, number: int) -> Ask:
        """Return a request of that number, for a job that can't be done before the server shuts down."""
        rng = random.Random(f"{self.seed}/{number}")  # noqa: S311 - not for secrets
        return _job(f"{self.seed}-{number}", rng, 1.0, "&held")

    def _of_kind(self, kind: str, token: str, rng: random.Random) -> Ask:
        if "transfer" in kind:
            return _transfer(kind, token, rng)
        if kind == "job":
            return _job(token, rng, 0.2)
        if kind == "upload":
            return _upload(token, rng)
        ids = rng.sample(range(1, ACCOUNTS + 1), 4 if kind == "nested" else 7)
        listed = ",".join(map(str, ids))
        visitor = rng.randrange(USERS)
        return Ask(
            token,
            kind,
            f"/{kind}/{token}/?ids={listed}",
            _expected(kind, token, ids, visitor),
            visitor,
        )


def _expected(kind: str, token: str, ids: list[int], visitor: int) -> Any:
    owners = [owner(pk) for pk in ids]
    in_order = [owner(pk) for pk in sorted(ids)]
    if kind in ("stream", "astream"):
        return [token, *in_order]
    if kind == "slow":
        return {"token": token, "owners": owners[:1]}
    if kind == "nested":
        a, b, c, d = owners
        return {"token": token, "owners": [[a, b], [c, c], d, [a, a]]}
    return {
        "token": token,
        "user": user(visitor),
        "owners": in_order if kind == "page" else owners,
    }


def _transfer(kind: str, token: str, rng: random.Random) -> Ask:
    source, target = rng.sample(range(1, ACCOUNTS + 1), 2)
    move = Move(source, target, rng.randint(1, 100))
    refused = rng.random() < REFUSALS
    query = f"source={source}&target={target}&amount={move.amount}"
    return Ask(
        token,
        kind,
        f"/{kind}/{token}/?{query}{'&refuse' if refused else ''}",
        receipt(token, move),
        rng.randrange(USERS),
        move=move,
        refused=refused,
    )


def receipt(token: str, move: Move) -> dict[str, Any]:
    """What a transfer answers."""
    return {
        "token": token,
        "source": owner(move.source),
        "target": owner(move.target),
        "amount": move.amount,
    }


def _job(token: str, rng: random.Random, most_s: float, more: str = "") -> Ask:
    path = f"/job/{token}/?seconds={rng.uniform(0, most_s):.3f}{more}"
    return Ask(token, "job", path, {"token": token}, rng.randrange(USERS), job=True)


def _upload(token: str, rng: random.Random) -> Ask:
    body = rng.randbytes(rng.choice((100, 10_000, 300_000)))
    visitor = rng.randrange(USERS)
    digest = hashlib.sha256(body).hexdigest()
    expected = {"token": token, "user": user(visitor), "digest": digest}
    return Ask(token, "upload", f"/upload/{token}/", expected, visitor, body=body)

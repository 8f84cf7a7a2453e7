"""A whole run: everything brought up, the traffic replayed, the verdicts drawn."""

import time
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime

from unblocker.errors import UnblockError
from unblocker.records.evidence import Evidence, ViewEvidence
from unblocker.records.traffic import LeftOut, Request
from unblocker.verify.budget import Budget
from unblocker.verify.compare import ASPECTS
from unblocker.verify.coverage import Covering
from unblocker.verify.databases import AnyDatabase
from unblocker.verify.generate import generate
from unblocker.verify.job import NONE, Effort, Trees, ViewToVerify, World
from unblocker.verify.livedata import DatabaseFacts
from unblocker.verify.ordeal import Progress
from unblocker.verify.replay import Outcome, Replay, Tried
from unblocker.verify.stage import Stage, bring_up
from unblocker.verify.usernames import with_names
from unblocker.verify.verdicts import Tally, ViewNames

PROGRESS_SECONDS = 1.0


class Paced:
    """Tells how far a run is about once a second: the requests compared, and the trial under way."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._compared = "no request compared yet"
        self._told = time.monotonic()

    def compared(self, text: str, *, is_last: bool) -> None:
        """So many requests are compared; the last time is always told."""
        self._compared = text
        if is_last or self._is_due():
            self._progress(text)

    def say(self, trial: str) -> None:
        """This trial begins."""
        if self._is_due():
            self._progress(f"{self._compared}; {trial}")

    def _is_due(self) -> bool:
        now = time.monotonic()
        is_due = now - self._told >= PROGRESS_SECONDS
        if is_due:
            self._told = now
        return is_due


def verify(
    trees: Trees,
    traffic: tuple[Request, ...],
    databases: tuple[AnyDatabase, ...],
    views: tuple[ViewToVerify, ...],
    world: World,
    progress: Progress,
    *,
    generated: int = 0,
    effort: Effort = NONE,
) -> Evidence:
    """Make every request on the old and the new code and compare all that can be observed.

    Args:
        trees: the project before and after.
        traffic: the requests, in order.
        databases: seeded databases to clone, one for each alias that the project uses, `default` first; nobody may be
            connected to them.
        views: the views to give a verdict on, exercised or not.
        world: what the project finds around it.
        progress: told about once a second how far it is.
        generated: how many requests to make up for each of `views`, at most; they come after the traffic.
        effort: the trials that requests to those of `views` are put to that are to be tried.

    Raises:
        UnblockError: it cannot run: a side does not start (U052), a database cannot be cloned (U053), the traffic
            names an unknown user (U054), the old code's process breaks down (U055), there is no request (U056).
    """
    if not traffic and not (generated and views):
        raise _nothing_to_make()
    begun = time.monotonic()
    started = (world.started or datetime.now(UTC)).replace(microsecond=0)
    progress("starting the old and the new code")
    with bring_up(trees, databases, world, started) as stage:
        requests, left_out = _requests(traffic, views, stage, generated)
        names, known = ViewNames(views), {view.id: view for view in views}
        budget = Budget(effort.seconds, sum(view.is_tried for view in views))
        paced = Paced(progress)
        replay = Replay(stage, world.timeout_s, _tried(names, views), effort, budget, paced.say)
        tallies = _tally(replay.run(requests), names, len(requests), paced)
        tables = stage.endstate.tables
        covering = Covering(trees, replay.outline)
        evidence = tuple(
            covering.told(one, view.code, tallies[one.view].footprints)
            if (view := known.get(one.view)) and one.view in tallies
            else one
            for one in _in_order(tallies, views)
        )
    return Evidence(
        views=evidence,
        requests=len(requests),
        compared=ASPECTS,
        tables=tables,
        seconds=round(time.monotonic() - begun, 3),
        clock=started.isoformat(),
        left_out=left_out,
    )


def _tried(names: ViewNames, views: tuple[ViewToVerify, ...]) -> Tried:
    tried = {view.id: view for view in views if view.is_tried}
    return lambda located: tried.get(names.of(located))


def _requests(
    traffic: tuple[Request, ...], views: tuple[ViewToVerify, ...], stage: Stage, generated: int
) -> tuple[tuple[Request, ...], tuple[LeftOut, ...]]:
    """The traffic and what is made up behind it; and what can't be made of the traffic."""
    with closing(DatabaseFacts(stage.database, stage.ready)) as facts:
        made, left_out = with_names(traffic, facts)
        _check_users(made, facts)
        made_up = generate((view.routes for view in views), facts, generated)
    if not made and not made_up:
        raise _nothing_to_make()
    return (*made, *made_up), left_out


def _nothing_to_make() -> UnblockError:
    return UnblockError(
        "U056", "there is no request to make", hint="Give a traffic file with requests."
    )


def _check_users(traffic: Iterable[Request], facts: DatabaseFacts) -> None:
    names = {request.as_user for request in traffic if request.as_user is not None}
    if missing := sorted(names - facts.known_users(names)):
        raise UnblockError(
            "U054",
            f"the traffic has requests as users who do not exist: {', '.join(missing)}",
            hint="Seed them, or name users that the database holds.",
        )


def _tally(
    outcomes: Iterable[Outcome], names: ViewNames, total: int, paced: "Paced"
) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for number, outcome in enumerate(outcomes, 1):
        tallies.setdefault(names.of(outcome.located), Tally()).add(outcome)
        differing = sum(tally.differs for tally in tallies.values())
        text = f"{number} of {total} requests compared, {differing} views differ"
        paced.compared(text, is_last=number == total)
    return tallies


def _in_order(
    tallies: dict[str, Tally], views: tuple[ViewToVerify, ...]
) -> tuple[ViewEvidence, ...]:
    """The evidence on the views that were asked for, then on any others."""
    accepted = {view.id: view.accepted for view in views}
    names = dict.fromkeys((*accepted, *tallies))
    return tuple(
        tallies.get(name, Tally()).evidence(name, accepted.get(name, ())) for name in names
    )

"""A survey, brought to the form of the tables: where each view does what."""

from dataclasses import dataclass, field

from tools.survey_accuracy.tables import Spot, Touch, ViewFacts
from unblocker.records.survey import Effect, Location, Survey

# Loading the session and finding the user is the middleware's, or an authenticator's, before the view.
_NOT_THE_VIEWS = frozenset(
    {"django_auth.request_user", "django_sessions.load", "rest_framework.authenticate"}
)
# A helper's operations stand for it; what only burns CPU touches nothing outside.
_NOT_COUNTED = frozenset({"helper", "cpu"})
_UNSCORED_PLACES = frozenset({"session", "messages", "unknown", "global", "object"})


@dataclass(slots=True)
class Seen:
    """What the survey says of one view: its facts, and the spots where it does not know."""

    facts: ViewFacts = field(default_factory=dict)
    unknown: set[Spot] = field(default_factory=set)


def seen(survey: Survey) -> dict[str, Seen]:
    """What is said of each view of the project that has source."""
    found: dict[str, Seen] = {}
    for view in survey.views:
        if view.kind in ("function", "class"):
            one = found.setdefault(view.id, Seen())
            for number in view.effects:
                _note(survey.effects[number], one)
    return found


def _note(effect: Effect, found: Seen) -> None:
    spot = Spot(effect.place.file, effect.place.line, effect.kind)
    if effect.entry == "unknown.call":
        found.unknown.add(spot)
    if effect.entry in _NOT_THE_VIEWS or effect.kind in _NOT_COUNTED:
        return
    touch = _touch(effect)
    found.facts[spot] = found.facts.get(spot, Touch()).joined(touch)


def _touch(effect: Effect) -> Touch:
    """A rendering is told without its queries: they stand at the template's lines."""
    if effect.kind == "template":
        return Touch()
    guard = effect.guard or bool(effect.raises)
    return Touch(_names(effect.reads), _names(effect.writes), guard)


def _names(locations: tuple[Location, ...]) -> frozenset[str]:
    return frozenset(
        one.name if one.kind in ("table", "host") else one.kind
        for one in locations
        if one.kind not in _UNSCORED_PLACES
    )

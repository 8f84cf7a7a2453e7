from tools.survey_accuracy.facts import Seen, seen
from tools.survey_accuracy.score import Tally, compare
from tools.survey_accuracy.tables import Spot, Touch
from unblocker.records.places import Place
from unblocker.records.survey import Effect, Location, Project, Survey, View

QUERY, MAIL = Spot("a.py", 1, "query"), Spot("a.py", 2, "mail")
READS = Touch(frozenset({"x", "y"}), guard=True)


def test_what_both_have_counts_as_right() -> None:
    found = compare({"v": {QUERY: READS}}, {"v": Seen({QUERY: READS})})
    assert found.score.operations == Tally(right=1)
    assert found.score.reads == Tally(right=2)
    assert found.score.guards == Tally(right=1)
    assert found.differences == ()


def test_what_one_has_alone_is_missed_or_invented() -> None:
    found = compare({"v": {QUERY: READS}}, {"v": Seen({MAIL: Touch()})})
    assert found.score.operations == Tally(invented=1, missed=1)
    assert found.score.operations.precision == found.score.operations.recall == 0.0
    assert found.score.reads == Tally()
    assert [(one.spot, one.what) for one in found.differences] == [
        (QUERY, "missed"),
        (MAIL, "invented"),
    ]


def test_parts_are_compared_at_what_both_have() -> None:
    touch = Touch(frozenset({"y", "z"}), frozenset({"w"}))
    found = compare({"v": {QUERY: READS}}, {"v": Seen({QUERY: touch})})
    assert found.score.reads == Tally(right=1, invented=1, missed=1)
    assert found.score.writes == Tally(invented=1)
    assert found.score.guards == Tally(missed=1)
    assert found.differences[0].what == "reads +z,-x writes +w -guard"


def test_a_view_that_is_not_found_missed_everything() -> None:
    assert compare({"v": {QUERY: READS}}, {}).score.operations == Tally(missed=1)


def test_views_that_the_table_does_not_have_are_not_compared() -> None:
    assert compare({}, {"v": Seen({QUERY: READS})}).score.operations == Tally()


def test_places_that_are_not_known_are_counted_once() -> None:
    unknown = Seen(unknown={QUERY})
    assert compare({"v": {}, "w": {}}, {"v": unknown, "w": unknown}).unknowns == 1


def effect(line: int, entry: str, kind: str, *tables: str, raises: str = "") -> Effect:
    reads = tuple(Location("table", name) for name in tables)
    return Effect(
        Place("a.py", line, 0, line, 9), entry, kind, reads, raises=(raises,) * bool(raises)
    )  # type: ignore[arg-type]


def test_a_survey_in_the_tables_form() -> None:
    effects = (
        effect(1, "django_orm.get", "query", "x", raises="DoesNotExist"),
        effect(1, "django_orm.relation", "query", "y"),
        effect(2, "django_auth.request_user", "query", "auth_user"),
        effect(3, "unknown.call", "helper"),
        effect(4, "django_shortcuts.render", "template", "x"),
    )
    view = View("v", "function", (), effects=(0, 1, 2, 3, 4))
    project = Project("/", "settings", (), None, "6.1", "3.13", (), (), ())
    found = seen(Survey(project, (view,), (), effects=effects))
    template = Spot("a.py", 4, "template")
    assert found == {"v": Seen({QUERY: READS, template: Touch()}, {Spot("a.py", 3, "helper")})}

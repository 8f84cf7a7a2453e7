from tools.corpus.results import Broken, Left, compared, views_of
from tools.django_suite.outcomes import Outcome
from unblocker.records.changeset import Changeset
from unblocker.records.places import Place
from unblocker.records.plan import Plan, Prediction, Reason, Verdict, ViewPlan
from unblocker.records.survey import Problem, Project, Survey, View, ViewKind

PROJECT = Project("/", "settings", (), None, "6.1", "3.13", (), (), ())
PLACE = Place("shop/views.py", 1, 0, 9, 0)


def outcomes(**words: str) -> dict[str, Outcome]:
    return {test: Outcome(test, word, f"why {word}") for test, word in words.items()}


def planned(name: str, verdict: Verdict, *codes: str) -> ViewPlan:
    reasons = tuple(Reason(code, f"text of {code}") for code in codes)
    return ViewPlan(name, verdict, reasons, Prediction((), ()), place=PLACE)


def counted(
    *plans: ViewPlan, kind: ViewKind = "function", written: tuple[str, ...] = (), code: str = ""
):
    survey = Survey(PROJECT, tuple(View(one.view, kind, ()) for one in plans), ())
    problems = (Problem(code, "what went wrong", PLACE),) if code else ()
    return views_of(survey, Plan(PROJECT, plans, (), None), Changeset("/", (), written, problems))


def test_views_by_what_became_of_them() -> None:
    found = counted(
        planned("both", "convert", "U101"),
        planned("eased", "convert", "U102"),
        planned("served", "bridge", "U301", "U302"),
        planned("few", "leave", "U206"),
        planned("idle", "leave", "U204"),
        written=("both", "eased"),
    )
    assert (found.all, found.waiting, found.wanted, found.converted) == (5, 4, 2, 2)
    assert found.overlapped == 1
    assert found.served == 3
    assert found.bridged == (Left("served", "U302", "text of U302"),)
    assert [one.code for one in found.left] == ["U206", "U204"]
    assert found.failed == ()


def test_a_view_that_could_not_be_written_is_told_with_its_problem() -> None:
    found = counted(planned("wanted", "convert", "U101"), code="U606")
    assert found.converted == 0
    assert found.failed == (Left("wanted", "U606", "what went wrong"),)


def test_views_of_packages_and_of_the_admin_do_not_count() -> None:
    assert counted(planned("theirs", "leave", "U202"), kind="third-party").all == 0
    assert counted(planned("site", "leave", "U201"), kind="admin").all == 0


def test_nothing_is_broken_where_what_passed_passes() -> None:
    before = outcomes(a="passed", b="failed", c="skipped")
    after = outcomes(a="passed", b="failed", c="failed")
    assert compared(before, {"stock": after}).broken == ()


def test_a_test_that_failed_before_may_pass() -> None:
    assert compared(outcomes(a="failed"), {"stock": outcomes(a="passed")}).broken == ()


def test_a_test_that_does_not_pass_any_more_is_broken_and_told_once() -> None:
    before = outcomes(a="passed")
    found = compared(before, {"stock": outcomes(a="error"), "runtime": outcomes(a="failed")})
    assert found.broken == (Broken("a", "stock", "error", "why error"),)


def test_what_breaks_on_the_runtime_alone_is_broken() -> None:
    found = compared(
        outcomes(a="passed"), {"stock": outcomes(a="passed"), "runtime": outcomes(a="hung")}
    )
    assert [(one.test, one.run) for one in found.broken] == [("a", "runtime")]


def test_a_test_that_is_gone_or_skipped_is_broken() -> None:
    before = outcomes(a="passed", b="passed")
    found = compared(before, {"stock": outcomes(b="skipped")})
    assert {(one.test, one.word) for one in found.broken} == {("a", "not run"), ("b", "skipped")}


def test_the_outcomes_of_each_run_are_counted() -> None:
    before = outcomes(a="passed", b="passed", c="failed")
    found = compared(before, {"stock": before})
    assert found.runs == {run: {"passed": 2, "failed": 1} for run in ("before", "stock")}

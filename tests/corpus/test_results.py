from tools.corpus.results import Broken, Left, broken, compared, views_of
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
    assert broken(before, after) == ()


def test_a_test_that_failed_before_may_pass() -> None:
    assert broken(outcomes(a="failed"), outcomes(a="passed")) == ()


def test_a_test_that_does_not_pass_any_more_is_broken_be_it_gone_or_skipped() -> None:
    before = outcomes(a="passed", b="passed", c="passed", d="passed")
    found = broken(before, outcomes(a="error", b="skipped", d="passed"))
    assert {(one.test, one.word) for one in found} == {
        ("a", "error"),
        ("b", "skipped"),
        ("c", "not run"),
    }


def test_what_fails_on_the_runtime_twice_is_broken() -> None:
    passed, failed = outcomes(a="passed"), outcomes(a="failed")
    found = compared(passed, passed, failed, failed)
    assert found.broken == (Broken("a", "failed", "why failed"),)
    assert found.unsteady == ()


def test_what_passes_when_run_once_more_is_unsteady() -> None:
    passed = outcomes(a="passed")
    found = compared(passed, passed, outcomes(a="failed"), passed)
    assert (found.broken, found.unsteady) == ((), ("a",))


def test_what_passes_on_the_runtime_alone_needs_its_engine() -> None:
    passed, failed = outcomes(a="passed", b="passed"), outcomes(a="failed", b="failed")
    found = compared(passed, failed, outcomes(a="passed", b="failed"), outcomes(b="failed"))
    assert [one.test for one in found.engine] == ["a"]
    assert [one.test for one in found.broken] == ["b"]


def test_the_outcomes_of_each_run_are_counted() -> None:
    before = outcomes(a="passed", b="passed", c="failed")
    found = compared(before, before, before, {})
    assert set(found.runs) == {"before", "stock", "runtime"}
    assert found.runs["stock"] == {"passed": 2, "failed": 1}

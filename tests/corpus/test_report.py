from tools.corpus.report import codes, lines
from tools.corpus.results import Broken, Cost, Left, Result, SuiteRuns, Views

VIEWS = Views(
    all=9, waiting=8, wanted=3, converted=2, overlapped=1,
    bridged=(Left("a", "U302", ""),),
    left=(Left("b", "U206", ""), Left("c", "U209", ""), Left("d", "U206", "")),
    failed=(Left("e", "U606", ""),),
)  # fmt: skip
RUNS = {"before": {"passed": 7, "failed": 1}, "stock": {"passed": 6, "failed": 2}}


def test_one_app_is_told_with_its_codes_and_its_broken_tests() -> None:
    tests = SuiteRuns(RUNS, (Broken("t.T.test_it", "failed", "traceback"),), ("t.T.test_slow",))
    result = Result(
        "shop", "1.0", "2026-11-22", views=VIEWS, tests=tests, cost=Cost(2.5, 130, 4, 30, 12)
    )
    assert list(lines(result)) == [
        "shop 1.0",
        "  9 views, 8 do I/O; 2 of 3 converted, 1 overlapped, 1 bridged, 3 left",
        "  bridged: U302: 1",
        "  left: U206: 2, U209: 1",
        "  FAILED: U606: 1",
        "  4 files, 30 lines added, 12 removed; 2.5 s, 130 MB",
        "  before   7 passed, 1 failed",
        "  stock    6 passed, 2 failed",
        "  BROKEN  t.T.test_it (failed)",
        "  unsteady: t.T.test_slow",
    ]
    assert not result.good


def test_an_app_that_could_not_be_run_is_told_with_the_reason() -> None:
    result = Result("shop", "1.0", "2026-11-22", failure="shop: convert ended with 2")
    assert list(lines(result)) == ["shop 1.0", "  FAILED: shop: convert ended with 2"]
    assert not result.good


def test_an_app_whose_tests_pass_as_before_is_good() -> None:
    assert Result("shop", "1.0", "2026-11-22", tests=SuiteRuns(RUNS, ())).good


def test_codes_are_counted_the_most_frequent_first() -> None:
    assert codes(VIEWS.left) == "U206: 2, U209: 1"
    assert codes(()) == ""

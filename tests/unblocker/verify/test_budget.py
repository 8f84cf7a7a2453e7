"""Who gets how much of the time for trials."""

from unblocker.verify.budget import Budget


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_without_a_limit_nothing_ends() -> None:
    budget = Budget(None, 3)
    deadline = budget.deadline("a")
    assert deadline is None
    assert not budget.is_over(deadline)


def test_views_get_equal_shares_and_what_others_left() -> None:
    clock = Clock()
    budget = Budget(30.0, 3, clock)
    first = budget.deadline("a")
    assert first == 110.0
    clock.now = 110.0
    assert budget.is_over(first)
    budget.spent("a", first)
    assert budget.deadline("a") == 110.0
    second = budget.deadline("b")
    assert second == 120.0
    clock.now = 112.0
    assert not budget.is_over(second)
    budget.spent("b", second)
    assert budget.deadline("c") == 130.0


def test_a_share_lasts_over_several_kinds_of_requests() -> None:
    clock = Clock()
    budget = Budget(20.0, 2, clock)
    deadline = budget.deadline("a")
    clock.now = 104.0
    budget.spent("a", deadline)
    clock.now = 105.0
    assert budget.deadline("a") == 111.0


def test_nothing_is_left_at_the_end() -> None:
    clock = Clock()
    budget = Budget(0.0, 1, clock)
    assert budget.is_over(budget.deadline("a"))

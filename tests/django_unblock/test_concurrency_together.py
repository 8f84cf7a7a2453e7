"""`together`: overlapped where a loop waits for the synchronous code, one after the other elsewhere."""

import threading
from contextvars import ContextVar
from functools import partial

import pytest
from django.db import transaction
from django.test import TestCase
from pools import interval, one_after_the_other
from pools import overlap as overlaps
from testapp.models import Author, Book

from django_unblock import offload, together, unblock

colour = ContextVar("colour", default="none")


def four_intervals():
    return together(*[partial(interval, 0.3)] * 4)


class Calls:
    """Functions that note their calls."""

    def __init__(self):
        self.made = []

    def make(self, name, error=None):
        def call():
            self.made.append(name)
            if error is not None:
                raise error
            return name

        return call


@pytest.fixture(params=["on the loop", "in a worker thread", "in plain code"])
def run(request, loop_run):
    """Run a synchronous function in one of the places where a view may be served."""
    wrap = {"on the loop": unblock, "in a worker thread": offload}.get(request.param)
    return (lambda fn: loop_run(wrap(fn)())) if wrap else lambda fn: fn()


def test_results_are_in_the_order_given(run):
    calls = Calls()
    assert run(lambda: together(calls.make("a"), calls.make("b"))) == ("a", "b")


@pytest.mark.usefixtures("clean_tables")
def test_querysets_are_loaded_and_stay_querysets(run):
    Author.objects.create(name="a")
    authors, books = Author.objects.all(), Book.objects.all()

    def view():
        found = together(authors, books, Author.objects.count)
        return found[0] is authors, len(authors), books.exists(), found[2]

    assert run(view) == (True, 1, False, 1)


def test_nothing_to_do(run):
    assert run(together) == ()


def test_the_first_error_in_order_is_raised(run):
    calls = Calls()
    work = calls.make("a"), calls.make("b", LookupError("b")), calls.make("c", OSError("c"))
    with pytest.raises(LookupError, match="b"):
        run(lambda: together(*work))


def test_a_manager_is_refused(run):
    with pytest.raises(TypeError, match=r"R109: together\(\) takes querysets and functions"):
        run(lambda: together(Author.objects))


def test_context_variables_are_seen(run):
    def view():
        token = colour.set("red")
        try:
            return together(colour.get, colour.get)
        finally:
            colour.reset(token)

    assert run(view) == ("red", "red")


@pytest.mark.parametrize("wrap", [unblock, offload])
def test_queries_overlap_where_a_loop_waits(loop_run, wrap):
    assert overlaps(loop_run(wrap(four_intervals)()))


def test_in_plain_code_they_follow_each_other_in_the_same_thread():
    calls = Calls()
    work = [calls.make("a"), threading.get_ident, calls.make("b", LookupError()), calls.make("c")]
    assert together(*work[:2]) == ("a", threading.get_ident())
    with pytest.raises(LookupError):
        together(*work)
    assert calls.made == ["a", "a", "b"]


@pytest.mark.parametrize("wrap", [unblock, offload])
def test_in_a_transaction_they_follow_each_other(loop_run, wrap):
    calls = Calls()

    def view():
        with transaction.atomic():
            found = four_intervals()
            with pytest.raises(LookupError):
                together(calls.make("a", LookupError()), calls.make("b"))
        return found

    assert one_after_the_other(loop_run(wrap(view)()))
    assert calls.made == ["a"]


class TestInATestCase(TestCase):
    """What a test has written is seen by everything that a view starts."""

    def test_it_sees_the_transaction_of_the_test(self):
        Author.objects.create(name="a")
        with self.assertNumQueries(2):
            assert together(Author.objects.count, Author.objects.count) == (1, 1)


def test_a_loop_of_its_own_in_a_worker_thread_is_not_overlapped(loop_run):
    calls = Calls()

    async def inner():
        return together(calls.make("a"), calls.make("b"))

    assert loop_run(offload(lambda: loop_run(inner()))()) == ("a", "b")

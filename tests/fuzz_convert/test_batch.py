"""A few programs from end to end, and one that is wrong on purpose: what differs is found and made smaller."""

import pytest

from tools.fuzz_convert.batch import try_batch
from tools.fuzz_convert.smaller import smallest
from tools.fuzz_convert.stage import staged
from tools.fuzz_convert.writer import Program, write

# Its answer is another one under ASGI, whatever the tool does with it.
WRONG = """def view_77(request, pk):
    number = Book.objects.count()
    served_by = type(request).__name__
    return HttpResponse(served_by)
"""


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    with staged(tmp_path_factory.mktemp("fuzz")) as stage:
        yield stage


def silent(_text):
    pass


def test_programs_are_converted_and_do_what_they_did(stage):
    batch = try_batch(stage, "honest", [write(seed) for seed in range(4)], silent)
    assert [each.evidence.differences for each in batch.tried] == [()] * 4
    assert {each.verdict for each in batch.tried} >= {"convert"}
    assert batch.trials.schedules > 0
    assert batch.trials.faults > 0


def test_a_program_that_differs_is_made_smaller(stage):
    def try_all(programs):
        return try_batch(stage, "smaller", programs, silent).tried

    (tried,) = try_all([Program(77, WRONG)])
    assert tried.differs
    found = smallest(tried, try_all)
    assert found.differs
    assert "type(request)" in found.program.source
    assert "count()" not in found.program.source

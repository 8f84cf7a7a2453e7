from typing import get_args

import pytest

from unblocker.records.places import Place
from unblocker.records.survey import Operation, OperationKind
from unblocker.report.operations import operations, summary


def test_operations_of_inner_blocks_come_in_program_order(survey):
    assert [each.label for each in operations(survey.functions[0])] == [
        "Order.count",
        "Ticket.count",
        "GET /v1",
        "overview.html",
    ]


def test_they_are_summed_up_by_kind(survey):
    assert summary(operations(survey.functions[0])) == "2 queries, 1 HTTP call, 1 template"


@pytest.mark.parametrize("kind", get_args(OperationKind.__value__))
def test_every_kind_has_a_noun(kind):
    assert summary([Operation("1:0", Place("a.py", 1, 0, 1, 2), "x.y", kind, "z")]).startswith("1 ")

from dataclasses import replace

from unblocker.records.traffic import LeftOut
from unblocker.report.left_out import left_out_told


def test_each_reason_is_a_line(evidence):
    left_out = (LeftOut("a static file", 1200), LeftOut("it went to another host"))
    assert list(left_out_told(replace(evidence, left_out=left_out))) == [
        "Left out of the traffic: 1,200 requests: a static file.",
        "Left out of the traffic: 1 request: it went to another host.",
    ]


def test_nothing_is_told_where_all_were_made(evidence):
    assert list(left_out_told(evidence)) == []

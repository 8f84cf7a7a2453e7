from hypothesis import given
from hypothesis import strategies as st

from unblocker.report.distribution import distribution

samples = st.lists(st.floats(0.01, 10_000), min_size=1, max_size=200)


@given(samples, samples)
def test_every_sample_is_counted_and_all_columns_lie_inside(before, after):
    made = distribution(before, after)
    for side, histogram in ((before, made.before), (after, made.after)):
        assert histogram.samples == len(side)
        assert histogram.beyond == sum(sample >= made.end_ms for sample in side)
        assert all(
            0 <= column.left < 100 and 0 < column.height <= 100 for column in histogram.columns
        )
        assert 0 <= histogram.median_at <= 100


def test_the_scale_is_shared():
    made = distribution([100.0] * 10, [50.0] * 10)
    assert made.before.columns[0].left > made.after.columns[0].left
    assert (made.before.median_ms, made.after.median_ms) == (100, 50)


def test_the_slowest_hundredth_is_left_out_and_counted():
    made = distribution([10.0] * 199 + [5000.0], [10.0] * 200)
    assert made.end_ms < 11
    assert made.before.beyond == 1


def test_a_side_without_samples_has_no_plot():
    assert distribution([], [1.0]) is None

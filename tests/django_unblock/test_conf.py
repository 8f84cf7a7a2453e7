import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from django_unblock import conf


def test_the_defaults():
    assert conf.current() == conf.Conf()
    assert conf.current().SYNC_VIEWS == "thread"


def test_what_may_be_nothing():
    with override_settings(UNBLOCK={"DRAIN_SECONDS": 0, "WATCH_MS": None}):
        assert conf.current().DRAIN_SECONDS == 0


def test_a_change_is_seen_and_undone():
    with override_settings(UNBLOCK={"SYNC_VIEWS": "loop", "WATCH_MS": 50}):
        assert conf.current() == conf.Conf(SYNC_VIEWS="loop", WATCH_MS=50)
    assert conf.current() == conf.Conf()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], r"R501: settings.UNBLOCK must be a dict, not \[\]"),
        ({"SYNC_VEIWS": "loop"}, "has no option 'SYNC_VEIWS'; it knows SYNC_VIEWS, SYNC_THREADS"),
        ({"SYNC_VIEWS": "process"}, "must be 'thread' or 'loop', not 'process'"),
        ({"SYNC_THREADS": 0}, r"UNBLOCK\['SYNC_THREADS'\] must be a whole number of at least 1"),
        ({"SYNC_THREADS": "8"}, "a whole number of at least 1, not '8'"),
        ({"DRAIN_SECONDS": None}, "a number of seconds, not None"),
        ({"DRAIN_SECONDS": -1}, "a number of seconds, not -1"),
        ({"WATCH_MS": "50"}, "a number of milliseconds, not '50'"),
        ({"WATCH_MS": 0}, "a number of milliseconds, not 0"),
    ],
)
def test_what_is_wrong_is_named(given, message):
    with override_settings(UNBLOCK=given), pytest.raises(ImproperlyConfigured, match=message):
        conf.current()

import asyncio
import gc

import pytest
from django.test import override_settings

from django_unblock import collector, lifespan


@pytest.fixture(autouse=True)
def as_before():
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)


def test_a_server_that_starts_puts_aside_what_exists():
    gc.set_threshold(700, 10, 10)
    asyncio.run(collector.tune())
    assert gc.get_freeze_count() > 1000
    assert gc.get_threshold()[0] == collector.YOUNG_OBJECTS


def test_it_is_done_at_startup():
    assert collector.tune in lifespan._startup


@pytest.mark.parametrize("young", [0, 1_000_000])
def test_a_project_that_has_set_the_collector_keeps_its_threshold(young):
    gc.set_threshold(young, 10, 10)
    asyncio.run(collector.tune())
    assert gc.get_threshold()[0] == young


def test_it_can_be_turned_off():
    frozen, threshold = gc.get_freeze_count(), gc.get_threshold()
    with override_settings(UNBLOCK={"TUNE_GC": False}):
        asyncio.run(collector.tune())
    assert (gc.get_freeze_count(), gc.get_threshold()) == (frozen, threshold)

import logging

import pytest

from django_unblock import lifespan


@pytest.fixture(autouse=True)
def own_hooks(monkeypatch):
    for name in ("_startup", "_shutdown", "_before_loop_ends"):
        monkeypatch.setattr(lifespan, name, [])


def hook(order, name, error=None):
    async def run():
        order.append(name)
        if error is not None:
            raise error

    return run


async def test_startup_hooks_run_in_order_and_shutdown_hooks_in_reverse():
    order = []
    for name in "ab":
        lifespan.on_startup(hook(order, f"start {name}"))
        lifespan.on_shutdown(hook(order, f"stop {name}"))
    await lifespan.start()
    await lifespan.stop()
    assert order == ["start a", "start b", "stop b", "stop a"]


async def test_a_hook_is_registered_once():
    order = []
    one = hook(order, "once")
    assert lifespan.on_shutdown(lifespan.on_shutdown(one)) is one
    await lifespan.stop()
    assert order == ["once"]


async def test_a_failing_startup_hook_stops_the_start():
    order = []
    lifespan.on_startup(hook(order, "a", LookupError("no config")))
    lifespan.on_startup(hook(order, "b"))
    with pytest.raises(LookupError, match="no config"):
        await lifespan.start()
    assert order == ["a"]


@pytest.mark.parametrize(
    ("register", "run"),
    [
        (lifespan.on_shutdown, lifespan.stop),
        (lifespan.before_loop_ends, lifespan.end_loop),
    ],
)
async def test_a_failing_hook_at_the_end_is_logged_and_the_others_run(register, run, caplog):
    order = []
    register(hook(order, "a"))
    register(hook(order, "b", LookupError("gone")))
    register(hook(order, "c"))
    with caplog.at_level(logging.ERROR, "django_unblock"):
        await run()
    assert sorted(order) == ["a", "b", "c"]
    assert "gone" in caplog.text

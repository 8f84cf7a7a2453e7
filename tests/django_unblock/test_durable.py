"""Durable work is stored with the commit, and a worker of django-tasks-db really does it."""

import asyncio
import datetime as dt
import importlib.util
import signal
import sys

import pytest
from asgi_client import Client as AsgiClient
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.http import HttpResponse
from django.test import AsyncClient, Client, TestCase, override_settings
from django.urls import path
from django.utils.functional import lazystr
from django_tasks_db.models import DBTaskResult
from testapp.models import Author
from testapp.tasks import aadd_author, add_author, fail

from django_unblock import durable
from django_unblock.asgi import get_asgi_application
from django_unblock.background_work import background, drain
from django_unblock.errors import DurableError
from django_unblock.transaction import aatomic

MESSAGE = ("subject", "body", "from@a.test", ["to@a.test"])


@pytest.fixture(autouse=True)
def no_stored_calls(clean_tables):
    mail.outbox.clear()
    yield
    DBTaskResult.objects.all().delete()


def work_off():
    """Run a worker, as `manage.py db_worker --batch` does, until nothing is left to do."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)
    before = {number: signal.getsignal(number) for number in numbers}
    try:
        call_command("db_worker", batch=True, startup_delay=False, reload=False, verbosity=0)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def stored():
    return [(job.task_path, job.args_kwargs) for job in DBTaskResult.objects.all()]


def authors():
    return sorted(Author.objects.values_list("name", flat=True))


def sync_view(request, undo=""):
    with transaction.atomic():
        background(add_author, "Ada", durable=True)
        assert stored() == []
        transaction.set_rollback(bool(undo))
    return HttpResponse(len(stored()))


async def async_view(request, undo=""):
    async with aatomic():
        background(aadd_author, "Ada", durable=True)
        assert not await DBTaskResult.objects.aexists()
        transaction.set_rollback(bool(undo))
    return HttpResponse(await DBTaskResult.objects.acount())


async def coroutine_view(request):
    background(add_author, "Ada", durable=True)
    return HttpResponse("ok")


urlpatterns = [
    path("sync/<undo>", sync_view),
    path("sync/", sync_view),
    path("async/<undo>", async_view),
    path("async/", async_view),
    path("coroutine/", coroutine_view),
]

in_this_project = override_settings(ROOT_URLCONF=sys.modules[__name__])


class TestAWorkerDoesIt:
    @pytest.mark.parametrize("task", [add_author, aadd_author])
    def test_in_plain_synchronous_code(self, task):
        background(task, "Ada", durable=True)
        assert stored() == [(task.module_path, {"args": ["Ada"], "kwargs": {}})]
        assert authors() == []
        work_off()
        assert authors() == ["Ada"]

    def test_on_a_loop(self):
        async def main():
            background(add_author, name="Ada", durable=True)
            await drain()

        asyncio.run(main())
        work_off()
        assert authors() == ["Ada"]

    def test_mail(self):
        background(mail.send_mail, *MESSAGE, durable=True, html_message=lazystr("<p>"))
        ((path, arguments),) = stored()
        assert path == "django_unblock.durable_mail.send"
        assert arguments["args"] == ["send_mail", list(MESSAGE), {"html_message": "<p>"}]
        assert mail.outbox == []
        work_off()
        assert [message.subject for message in mail.outbox] == ["subject"]

    def test_its_failure_is_the_workers(self):
        background(fail, durable=True, order=1)
        work_off()
        assert DBTaskResult.objects.get().exception_class_path == "builtins.LookupError"


class TestWhenItIsStored:
    @in_this_project
    @pytest.mark.parametrize(("url", "count"), [("", b"1"), ("undo", b"0")])
    @pytest.mark.parametrize("view", ["/sync/", "/async/"])
    def test_with_the_commit_under_asgi(self, view, url, count):
        async def get():
            return await AsgiClient(get_asgi_application()).get(f"{view}{url}")

        for where in ("thread", "loop"):
            DBTaskResult.objects.all().delete()
            with override_settings(UNBLOCK={"SYNC_VIEWS": where}):
                assert asyncio.run(get()).body == count

    @in_this_project
    @pytest.mark.parametrize(("url", "count"), [("", b"1"), ("undo", b"0")])
    @pytest.mark.parametrize("view", ["/sync/", "/async/"])
    def test_with_the_commit_under_wsgi(self, view, url, count):
        assert Client().get(f"{view}{url}").content == count

    @in_this_project
    async def test_in_a_job_where_the_coroutine_cannot_wait(self):
        await AsyncClient().get("/coroutine/")
        assert await DBTaskResult.objects.acount() == 1

    def test_a_failure_is_raised_here(self, monkeypatch):
        monkeypatch.setattr(DBTaskResult.objects, "create", broken)
        with pytest.raises(ConnectionError):
            background(add_author, "Ada", durable=True)

    def test_after_a_commit_a_failure_is_logged_and_leaves_other_work_alone(
        self, monkeypatch, caplog
    ):
        monkeypatch.setattr(DBTaskResult.objects, "create", broken)
        done = []
        with transaction.atomic():
            background(add_author, "Ada", durable=True)
            background(done.append, "job")
        assert done == ["job"]
        (record,) = caplog.records
        assert record.getMessage() == (
            "Background testapp.tasks.add_author, started by no request, failed"
        )


def broken(**values):
    raise ConnectionError


class InsideTestCase(TestCase):
    def test_a_block_of_the_test(self):
        with transaction.atomic():
            background(add_author, "Ada", durable=True)
        assert len(stored()) == 1


def module_function():
    pass


class TestWhatCannotBeStored:
    @pytest.mark.parametrize(
        "fn",
        [module_function, lambda: None, mail.EmailMessage(*MESSAGE).send, Author.objects.create],
    )
    def test_what_is_no_task(self, fn):
        with pytest.raises(DurableError, match="takes a task") as raised:
            background(fn, durable=True)
        assert raised.value.code == "R401"

    @pytest.mark.parametrize(
        "argument", [Author(name="Ada"), dt.date(2026, 1, 2), {1, 2}, float("nan"), b"b"]
    )
    def test_what_is_not_json(self, argument):
        with transaction.atomic(), pytest.raises(DurableError) as raised:
            background(add_author, argument, durable=True)
        assert raised.value.code == "R402"
        assert "testapp.tasks.add_author" in str(raised.value)

    def test_mail_on_a_connection_of_its_own(self):
        with pytest.raises(DurableError, match=r"django\.core\.mail\.send_mail"):
            background(mail.send_mail, *MESSAGE, connection=object(), durable=True)

    def test_without_django_tasks(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "django.tasks", None)
        monkeypatch.setitem(sys.modules, "django_tasks", None)
        monkeypatch.delitem(sys.modules, "django_unblock.durable_mail", raising=False)
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
        with pytest.raises(DurableError, match="pip install django-tasks") as raised:
            background(mail.send_mail, *MESSAGE, durable=True)
        assert raised.value.code == "R403"


class TestWithoutDurable:
    def test_a_task_is_called(self):
        background(add_author, "Ada")
        background(aadd_author, "Bob")
        assert authors() == ["Ada", "Bob"]
        assert stored() == []

    def test_arguments_are_taken_when_it_is_asked_for(self):
        names = ["Ada"]
        with transaction.atomic():
            background(fail, names=names, durable=True)
            names.append("Bob")
        assert stored()[0][1]["kwargs"] == {"names": ["Ada"]}


def test_a_task_is_known_by_what_it_does():
    assert durable.function_of(add_author) is add_author.func
    assert durable.function_of(module_function) is module_function

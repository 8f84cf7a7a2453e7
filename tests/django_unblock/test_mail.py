"""Mail is sent in a thread, as it was when it was asked for; the loop goes on meanwhile."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import django
import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.test import override_settings
from django.utils import translation
from django.utils.functional import lazy

from django_unblock import mail as unblocked
from django_unblock.background_work import background, drain

ADMINS = ["a@a.test"] if django.VERSION >= (6, 0) else [("A", "a@a.test")]
meeting = threading.Barrier(2)
met: list[bool] = []
sent: list[EmailMessage] = []
threads: list[int] = []
go = threading.Event()


class SlowServer(BaseEmailBackend):
    """Like an SMTP server, it answers when it likes: when `go` is set."""

    def send_messages(self, email_messages: Any) -> int:
        threads.append(threading.get_ident())
        if not go.wait(10):
            raise TimeoutError("the event loop stood still while mail was sent")
        sent.extend(email_messages)
        return len(email_messages)


@pytest.fixture
def slow_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delattr(mail, "outbox")
    sent.clear()
    threads.clear()
    go.clear()
    with override_settings(EMAIL_BACKEND=f"{__name__}.SlowServer"):
        yield
    go.set()


@pytest.fixture(autouse=True)
def empty_outbox() -> None:
    mail.outbox.clear()  # type: ignore[attr-defined]  # there in a test environment


def message(**values: Any) -> EmailMessage:
    return EmailMessage("subject", "body", "from@a.test", ["to@a.test"], **values)


def outbox() -> list[EmailMessage]:
    return mail.outbox  # type: ignore[attr-defined,no-any-return]


class MeetingServer(BaseEmailBackend):
    """Notes whether two messages are being sent at the same time."""

    patience = 0.0

    def send_messages(self, email_messages: Any) -> int:
        with suppress(threading.BrokenBarrierError):
            meeting.wait(MeetingServer.patience)
            met.append(True)
        sent.extend(email_messages)
        return len(email_messages)


SENDING = {
    "send_mail": lambda: (mail.send_mail, ("subject", "body", "from@a.test", ["to@a.test"])),
    "send_mass_mail": lambda: (
        mail.send_mass_mail,
        ((("subject", "body", "from@a.test", ["to@a.test"]),),),
    ),
    "mail_admins": lambda: (mail.mail_admins, ("subject", "body")),
    "mail_managers": lambda: (mail.mail_managers, ("subject", "body")),
    "message": lambda: (message().send, ()),
    "alternatives": lambda: (EmailMultiAlternatives("s", "b", "f@a.test", ["t@a.test"]).send, ()),
    "email_user": lambda: (User(email="to@a.test").email_user, ("subject", "body", "f@a.test")),
    "partial": lambda: (partial(mail.send_mail, "subject", "body"), ("from@a.test", ["to@a.test"])),
    "backend": lambda: (SlowServer().send_messages, ([message()],)),
}


@pytest.mark.usefixtures("slow_server")
@pytest.mark.parametrize("way", SENDING)
@override_settings(ADMINS=ADMINS, MANAGERS=ADMINS)
def test_background_sends_in_a_thread(way: str) -> None:
    async def main() -> None:
        send, arguments = SENDING[way]()
        background(send, *arguments)
        await asyncio.sleep(0)
        go.set()
        await drain()

    asyncio.run(main())
    assert len(sent) == 1
    assert threads != [threading.get_ident()]


@pytest.mark.parametrize("fn", [print, User.objects.count, outbox, message().attach, str])
def test_leaves_other_callables_alone(fn: Any) -> None:
    assert not unblocked.sends_mail(fn)
    assert unblocked.snapshot(partial(fn)) is None


@pytest.mark.usefixtures("slow_server")
def test_arguments_are_those_of_the_call() -> None:
    async def main() -> None:
        recipients = ["to@a.test"]
        changed = message(headers={"X-A": "1"})
        background(mail.send_mail, "subject", "body", "from@a.test", recipients)
        background(changed.send)
        recipients.append("late@a.test")
        changed.subject = "late"
        changed.to.append("late@a.test")
        changed.extra_headers["X-A"] = "late"
        go.set()
        await drain()

    asyncio.run(main())
    assert [(each.subject, each.to) for each in sent] == [("subject", ["to@a.test"])] * 2
    assert {"X-A": "1"} in [each.extra_headers for each in sent]


@pytest.mark.usefixtures("slow_server")
def test_lazy_texts_are_in_the_language_of_the_call() -> None:
    language = lazy(translation.get_language, str)

    async def main() -> None:
        with translation.override("nl"):
            background(mail.send_mail, language(), "body", "from@a.test", ["to@a.test"])
        with translation.override("fr"):
            go.set()
            await drain()

    asyncio.run(main())
    assert [each.subject for each in sent] == ["nl"]


def test_attachments_and_alternatives_arrive() -> None:
    full = EmailMultiAlternatives("s", "plain", "f@a.test", ["t@a.test"])
    full.attach("a.txt", "attached", "text/plain")
    full.attach_alternative("<b>html</b>", "text/html")
    background(full.send)
    (arrived,) = outbox()
    assert arrived.message().as_string().count("Content-Type: text/plain") == 2
    assert "<b>html</b>" in arrived.message().as_string()
    assert arrived is not full


def test_in_tests_mail_is_in_the_outbox_at_once() -> None:
    async def main() -> int:
        background(mail.send_mail, "subject", "body", "from@a.test", ["to@a.test"])
        return len(outbox())

    assert asyncio.run(main()) == 1


@pytest.mark.usefixtures("slow_server")
@pytest.mark.parametrize(("threads", "meet", "patience"), [(2, False, 0.1), (4, True, 10)])
def test_mail_leaves_half_of_the_threads_to_views(
    threads: int, meet: bool, patience: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        for _ in range(2):
            background(message().send)
        await drain()

    monkeypatch.setattr(MeetingServer, "patience", patience)
    meeting.reset()
    met.clear()
    with override_settings(
        EMAIL_BACKEND=f"{__name__}.MeetingServer", UNBLOCK={"SYNC_THREADS": threads}
    ):
        asyncio.run(main())
    assert len(sent) == 2
    assert bool(met) == meet


def test_failure_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    background(mail.send_mail, "two\nlines", "b", "f@a.test", ["t@a.test"])
    (record,) = caplog.records
    assert "Background django.core.mail.send_mail, started by no request" in record.getMessage()

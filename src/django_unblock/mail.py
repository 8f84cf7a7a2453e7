"""Which background work is mail, and what it will say whenever it is sent.

`smtplib` blocks and the bridge can't help it, so mail is sent in a worker thread.
"""

import copy
from collections.abc import Callable
from functools import partial
from types import MethodType
from typing import Any

from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.functional import Promise

FUNCTIONS = (mail.send_mail, mail.send_mass_mail, mail.mail_admins, mail.mail_managers)


def snapshot(call: partial[Any]) -> partial[Any] | None:
    """The call as it is now, if it sends mail; None if it does not.

    Lists and messages are copied and lazy texts are read, so that what is done to them later, or a
    change of language, does not reach the mail.
    """
    fn = call.func
    if not sends_mail(fn):
        return None
    receiver = getattr(fn, "__self__", None)
    if receiver is not None and not isinstance(receiver, BaseEmailBackend):
        fn = MethodType(fn.__func__, _as_now(receiver))  # type: ignore[attr-defined]  # bound
    return partial(fn, *_as_now(call.args), **_as_now(call.keywords))


def sends_mail(fn: Callable[..., Any]) -> bool:
    """Whether `fn` is one of `django.core.mail`'s functions or a bound method that sends mail.

    Those are `EmailMessage.send`, a backend's `send_messages` and `AbstractUser.email_user`, with
    their overrides.
    """
    if fn in FUNCTIONS:
        return True
    receiver, name = getattr(fn, "__self__", None), getattr(fn, "__name__", "")
    return (
        (isinstance(receiver, mail.EmailMessage) and name == "send")
        or (isinstance(receiver, BaseEmailBackend) and name == "send_messages")
        or (receiver is not None and name == "email_user")
    )


def is_kept_in_memory() -> bool:
    """Whether mail goes to `django.core.mail.outbox`, as in tests: nothing there blocks."""
    return hasattr(mail, "outbox")


def _as_now(value: Any) -> Any:
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, mail.EmailMessage):
        return _message_as_now(value)
    if type(value) in (list, tuple):
        return type(value)(_as_now(each) for each in value)
    if type(value) is dict:
        return {name: _as_now(each) for name, each in value.items()}
    return value


def _message_as_now(message: mail.EmailMessage) -> mail.EmailMessage:
    copied = copy.copy(message)
    for name, value in vars(message).items():
        setattr(copied, name, _as_now(value))
    return copied

"""Failures of a worker's own operations: a statement that the server refuses, a connection it drops, a mail it loses.

A statement that is to fail is replaced by one that fails on the server, so that a transaction is aborted, and a
connection lost, as they really are. Calls to other hosts fail at the recorder; where it holds
one, the client is made to give up soon.
"""

import smtplib
from collections.abc import Callable, Sequence
from typing import Any

from django.core.mail.backends import locmem

from unblocker.verify.impatience import Impatience
from unblocker.verify.protocol import Fault, FaultKind, Statement, Vendor
from unblocker.verify.statements import told

_INSTEAD: dict[tuple[Vendor, FaultKind], str] = {
    ("postgresql", "database error"): (
        "DO $$BEGIN RAISE EXCEPTION 'a fault put in by django-unblock verify'"
        " USING ERRCODE = 'query_canceled'; END$$"
    ),
    ("postgresql", "lost connection"): "SELECT pg_terminate_backend(pg_backend_pid())",
    ("sqlite", "database error"): "SELECT a_fault_put_in_by_django_unblock_verify()",
}


class Faults:
    """Has the operation fail that it is armed for."""

    def __init__(self) -> None:
        self._fault: Fault | None = None
        self._seen = 0
        self._impatience = Impatience()
        _tell_of_mails(self._on_mail)

    def arm(self, fault: Fault | None) -> None:
        """Have this operation fail from now on, and no other."""
        self._fault = fault
        self._seen = 0
        self._impatience.arm(armed=fault is not None and fault.kind == "timeout")

    def instead_of(self, statement: Statement) -> str | None:
        """What is to be sent to the server instead of the statement, if anything."""
        fault = self._fault
        if fault is None or told(statement) != fault.target:
            return None
        instead = _INSTEAD.get((statement.vendor, fault.kind))
        return instead if instead and self._is_its_turn(fault) else None

    def _on_mail(self) -> None:
        fault = self._fault
        if fault is not None and fault.kind == "mail" and self._is_its_turn(fault):
            raise smtplib.SMTPServerDisconnected("a fault put in by django-unblock verify")

    def _is_its_turn(self, fault: Fault) -> bool:
        self._seen += 1
        return self._seen == fault.occurrence + 1


def _tell_of_mails(tell: Callable[[], None]) -> None:
    """Have `tell` called before mail is put into the outbox; its error is silenced where the sender says so."""
    send = locmem.EmailBackend.send_messages

    def send_messages(self: locmem.EmailBackend, messages: Sequence[Any]) -> int:
        try:
            tell()
        except smtplib.SMTPException:
            if self.fail_silently:
                return 0
            raise
        return send(self, messages)

    locmem.EmailBackend.send_messages = send_messages  # type: ignore[method-assign]

"""What a worker notices while a request is handled: SQL, mail, templates, exceptions, logins, files."""

import hashlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.core import mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.signals import got_request_exception
from django.db.backends.utils import CursorWrapper
from django.template import Context
from django.test.signals import template_rendered

from unblocker.verify.faults import Faults
from unblocker.verify.protocol import Fault, Mail, Raised, Rendered, Statement, Vendor

# Made by the server or by the template engine itself.
_NOT_GIVEN = frozenset({"request", "block", "forloop"})


class Probes:
    """Collects from the moment it is made; `clear` starts anew. Threads may add at the same time."""

    def __init__(self, media: Path) -> None:
        self._media = media
        self.statements: list[Statement] = []
        self.raised: list[Raised] = []
        self.rendered: list[Rendered] = []
        self.signed_in = False
        self._faults = Faults()
        got_request_exception.connect(self._on_exception)
        template_rendered.connect(self._on_render)
        user_logged_in.connect(self._on_login)
        _tell_of_statements(self._on_statement)

    def clear(self, fault: Fault | None = None) -> None:
        """Forget everything collected so far; from now on this fails."""
        self._faults.arm(fault)
        self.statements = []
        self.raised = []
        self.rendered = []
        self.signed_in = False
        _outbox().clear()

    def mails(self) -> tuple[Mail, ...]:
        """The mails sent since the last `clear`."""
        return tuple(_mail(message) for message in _outbox())

    def files(self) -> tuple[tuple[str, str], ...]:
        """All files in the media folder: relative path and digest."""
        return tuple(
            (
                path.relative_to(self._media).as_posix(),
                hashlib.sha256(path.read_bytes()).hexdigest(),
            )
            for path in sorted(self._media.rglob("*"))
            if path.is_file()
        )

    def _on_statement(self, cursor: CursorWrapper, sql: object, params: object) -> str | None:
        database = cursor.db
        vendor: Vendor = "sqlite" if database.vendor == "sqlite" else "postgresql"
        statement = Statement(
            database.alias, str(sql), repr(params), database.in_atomic_block, vendor
        )
        self.statements.append(statement)
        return self._faults.instead_of(statement)

    def _on_exception(self, **_: object) -> None:
        error = sys.exc_info()[1]
        if error is not None:
            self.raised.append(raised(error))

    def _on_render(self, template: Any, context: Context, **_: object) -> None:
        types = {
            str(name): type(value).__qualname__
            for name, value in context.flatten().items()
            if name not in _NOT_GIVEN
        }
        self.rendered.append(
            Rendered(str(template.name or "(no name)"), tuple(sorted(types.items())))
        )

    def _on_login(self, **_: object) -> None:
        self.signed_in = True


def raised(error: BaseException) -> Raised:
    """The exception's type, dotted, and its message."""
    kind = type(error)
    return Raised(f"{kind.__module__}.{kind.__qualname__}", str(error))


def _outbox() -> list[EmailMessage]:
    """Django's in-memory outbox, which `setup_test_environment` makes."""
    outbox: list[EmailMessage] = mail.outbox
    return outbox


def _mail(message: EmailMessage) -> Mail:
    fields = [
        ("subject", str(message.subject)),
        ("from", message.from_email),
        *((kind, ", ".join(getattr(message, kind))) for kind in ("to", "cc", "bcc", "reply_to")),
        *((f"header {name}", str(value)) for name, value in sorted(message.extra_headers.items())),
        (f"text/{message.content_subtype}", str(message.body)),
    ]
    if isinstance(message, EmailMultiAlternatives):
        fields += [(str(part[1]), str(part[0])) for part in message.alternatives]
    fields += [("attachment", repr(attachment)) for attachment in message.attachments]
    return Mail(tuple((name, text) for name, text in fields if text))


def _tell_of_statements(tell: Callable[[CursorWrapper, object, object], str | None]) -> None:
    """Have `tell` called before each statement that goes through Django; what it returns is executed instead.

    `connection.execute_wrapper` is per connection object, and an engine may make one per greenlet; what all of them
    share is the cursor class.
    """
    execute, execute_many = CursorWrapper._execute, CursorWrapper._executemany  # type: ignore[attr-defined]

    def told(self: CursorWrapper, sql: object, params: object, *rest: object) -> object:
        if (instead := tell(self, sql, params)) is not None:
            return execute(self, instead, None, *rest)
        return execute(self, sql, params, *rest)

    def told_many(
        self: CursorWrapper, sql: object, param_list: Sequence[object], *rest: object
    ) -> object:
        rows = list(param_list)
        if instead := [other for params in rows if (other := tell(self, sql, params))]:
            return execute(self, instead[0], None, *rest)
        return execute_many(self, sql, rows, *rest)

    CursorWrapper._execute = told  # type: ignore[attr-defined]
    CursorWrapper._executemany = told_many  # type: ignore[attr-defined]

"""Sending mail."""

from unblocker.catalog.base import Entry, Example, Family, Harmless

_MAIL = "django.core.mail"
_REFUSED = "smtplib.SMTPException"

FAMILY = Family(
    name="django_mail",
    title="Mail",
    summary=(
        "Django sends mail synchronously and has no async form. `background` sends it off the response's path, after "
        "the commit where there is a transaction; a failure is logged instead of becoming a 500."
    ),
    entries=(
        Entry(
            "send_mail",
            (
                f"{_MAIL}.send_mail",
                f"{_MAIL}.send_mass_mail",
                f"{_MAIL}.mail_admins",
                f"{_MAIL}.mail_managers",
            ),
            "mail",
            "background",
            "django_unblock.background",
            writes=("mail",),
            raises=(_REFUSED,),
            differs="Nobody waits for the mail server; its errors are logged.",
            examples=(
                Example(
                    "product = Product.objects.get(pk=1)\n"
                    'send_mail("Seen", product.name, None, ["a@shop.example"])\n'
                    'return JsonResponse({"name": product.name})',
                    "product = await Product.objects.aget(pk=1)\n"
                    'background(send_mail, "Seen", product.name, None, ["a@shop.example"])\n'
                    'return JsonResponse({"name": product.name})',
                ),
            ),
        ),
        Entry(
            "send_message",
            (
                f"{_MAIL}.message.EmailMessage.send",
                "django.contrib.auth.models.AbstractUser.email_user",
            ),
            "mail",
            "background",
            "django_unblock.background",
            writes=("mail",),
            raises=(_REFUSED,),
        ),
        Entry(
            "send_messages",
            tuple(
                f"{_MAIL}.backends.base.BaseEmailBackend.{name}"
                for name in ("send_messages", "open", "close", "__enter__", "__exit__")
            ),
            "mail",
            "offload",
            writes=("mail",),
            raises=(_REFUSED,),
        ),
        Entry(
            "attach_file",
            (f"{_MAIL}.message.EmailMessage.attach_file",),
            "storage",
            reads=("files",),
            raises=("builtins.OSError",),
            differs="Left in place: a local file is read sooner than a thread is woken.",
        ),
    ),
    harmless=(
        Harmless(
            (f"{_MAIL}.get_connection",), returns="django.core.mail.backends.base.BaseEmailBackend"
        ),
        Harmless((f"{_MAIL}.backends.base.BaseEmailBackend.__init__",)),
        Harmless((f"{_MAIL}.message.EmailMessage.*",)),
        Harmless(
            tuple(f"{_MAIL}.message.{name}" for name in ("EmailMessage", "EmailMultiAlternatives")),
            returns=f"{_MAIL}.message.EmailMessage",
        ),
    ),
)

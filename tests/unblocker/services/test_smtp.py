import smtplib
from email.message import EmailMessage
from pathlib import Path

from unblocker.services import ports, smtp
from unblocker.services.processes import Supervisor
from unblocker.services.smtp import Received


def test_messages_are_accepted_and_written_down_in_order(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    port, messages = ports.claim(), tmp_path / "mail.jsonl"
    process = supervisor.start(smtp.command(port, 1, messages, tmp_path / "smtp.log"))
    assert smtp.read(messages) == ()
    with smtplib.SMTP(ports.LOOPBACK, port) as client:
        for subject in ("Order 1", "Bestellung ü"):
            message = EmailMessage()
            message["From"], message["To"], message["Subject"] = (
                "a@x.example",
                "b@x.example",
                subject,
            )
            message.set_content("Thank you\n")
            client.send_message(message)
    assert smtp.read(messages) == (
        Received("a@x.example", ("b@x.example",), "Order 1", "Thank you\n"),
        Received("a@x.example", ("b@x.example",), "Bestellung ü", "Thank you\n"),
    )
    supervisor.stop(process)

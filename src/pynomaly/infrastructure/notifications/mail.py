"""A message as an e-mail: plain text, safe to put anybody's names into."""

from collections.abc import Sequence
from datetime import UTC
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from pynomaly.application.ports.notifier import Message

_POLICY = SMTP.clone(cte_type="7bit")  # a server need not know 8BITMIME
_LONGEST_SUBJECT = 200


def mail_of(message: Message, sender: str, recipients: Sequence[str]) -> bytes:
    """Return the e-mail as it is sent; the same message has the same Message-ID each time."""
    mail = EmailMessage(_POLICY)
    mail["From"] = sender
    mail["To"] = ", ".join(recipients)
    mail["Subject"] = one_line(message.title)[:_LONGEST_SUBJECT]
    mail["Date"] = format_datetime(message.at.astimezone(UTC))
    mail["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's out-of-office note answers it
    mail.set_content("\n".join(one_line(line) for line in message.text.splitlines()) + "\n")
    return mail.as_bytes()


def one_line(text: str) -> str:
    """Return a text without what could end a line or could not be encoded."""
    return "".join(char if char.isprintable() else " " for char in text).strip()

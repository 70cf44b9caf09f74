"""What a mail server's answer means for a message: again later, or never."""

import smtplib
from collections.abc import Collection
from typing import TypeAlias

from pynomaly.domain.errors import RemoteRefused, RemoteUnavailable
from pynomaly.infrastructure.notifications.replies import said_in

Undelivered: TypeAlias = RemoteRefused | RemoteUnavailable


def undelivered(error: OSError, host: str, secrets: Collection[str]) -> Undelivered:
    """Return what an exception of smtplib, which all are OSErrors, means."""
    match error:
        case smtplib.SMTPResponseException():
            return answered(error.smtp_code, error.smtp_error, host, secrets)
        case smtplib.SMTPServerDisconnected():
            return RemoteUnavailable(f"{host} gave no answer: {error}")
        case smtplib.SMTPNotSupportedError():
            return RemoteRefused(f"{host} cannot do what this channel needs: {error}")
        case smtplib.SMTPException():  # its message may repeat an answer
            return RemoteRefused(f"{host} knows no way to sign in that is known here")
    return RemoteUnavailable(f"{host} gave no answer: {error.strerror or error or 'the connection was cut'}")


def answered(code: int, text: bytes | str, host: str, secrets: Collection[str]) -> Undelivered:
    """Return what an answer means that is not the one hoped for."""
    said = said_in(text if isinstance(text, bytes) else text.encode(), secrets)
    if is_final(code):
        return RemoteRefused(f"{host} answered {code}: {said}")
    if 400 <= code < 500:
        return RemoteUnavailable(f"{host} answered {code}: {said}")
    return RemoteUnavailable(f"{host} gave no answer: what came is no SMTP")


def is_final(code: int) -> bool:
    """Whether an answer will be the same next time."""
    return 500 <= code < 600

"""E-mail, handed to a mail server that takes it from there (SMTP)."""

import smtplib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field

from pynomaly.application.ports.notifier import Message
from pynomaly.domain.connection import ConnectionKind, Field, FieldType, Value
from pynomaly.domain.errors import InvalidRequest, RemoteRefused, RemoteUnavailable
from pynomaly.infrastructure.notifications.email_addresses import read_address, read_addresses
from pynomaly.infrastructure.notifications.mail import mail_of
from pynomaly.infrastructure.notifications.outside import Outside
from pynomaly.infrastructure.notifications.redaction import Redaction, secrets_of_sign_in
from pynomaly.infrastructure.notifications.smtp_replies import answered, is_final, undelivered
from pynomaly.infrastructure.notifications.smtp_session import SmtpSession

STARTTLS, TLS, NOTHING = "starttls", "tls", "none"
KIND = ConnectionKind(
    "email",
    "An e-mail to one or several addresses, through a mail server (SMTP).",
    (
        Field("host", "the mail server"),
        Field("port", "its port", FieldType.NUMBER, default=587, least=1, most=65535),
        Field(
            "security",
            "starttls on port 587, tls on port 465; none only inside allowed networks, and without a password",
            FieldType.CHOICE,
            default=STARTTLS,
            choices=(STARTTLS, TLS, NOTHING),
        ),
        Field("user", "whom to sign in as", is_required=False),
        Field("password", "of that user", is_secret=True, is_required=False),
        Field("sender", "the address it comes from"),
        Field("recipients", "the addresses it goes to, separated by commas"),
    ),
)


@dataclass(frozen=True, slots=True)
class EmailNotifier:
    """Everybody is named in one e-mail; where an address is unknown, the others get it all the same."""

    host: str
    port: int
    security: str
    sign_in: tuple[str, str] | None = field(repr=False)
    sender: str
    recipients: Sequence[str]
    outside: Outside = field(repr=False)

    @classmethod
    def opened(cls, values: Mapping[str, Value], outside: Outside) -> "EmailNotifier":
        """Return the channel. Raises InvalidRequest for addresses that are none, and half a sign-in."""
        return cls(
            host=str(values["host"]).strip("[]"),
            port=int(values["port"]),
            security=str(values["security"]),
            sign_in=_sign_in(values),
            sender=read_address(str(values["sender"])),
            recipients=read_addresses(str(values["recipients"])),
            outside=outside,
        )

    def send(self, message: Message) -> None:
        """Hand a message over. Raises DestinationRefused, RemoteRefused, RemoteUnavailable."""
        mail = mail_of(message, self.sender, self.recipients)
        try:
            with self._session() as session:
                refused = self._hand_over(session, mail)
        except OSError as error:
            raise undelivered(error, self.host, self._redaction()) from None
        if refused:
            raise RemoteRefused(f"everybody got it but {'; '.join(refused)}")

    @contextmanager
    def _session(self) -> Iterator[SmtpSession]:
        is_encrypted = self.security != NOTHING
        with self.outside.converse(self.host, self.port, is_encrypted=is_encrypted) as connection:
            if self.security == TLS:
                connection = self.outside.tls().wrap_socket(connection, server_hostname=self.host)
            with closing(SmtpSession(connection, self.host, self.port, self.sender.rpartition("@")[2])) as session:
                if self.security == STARTTLS:
                    session.starttls(context=self.outside.tls())
                session.ehlo_or_helo_if_needed()
                self._signed_in(session)
                yield session
                with suppress(OSError):  # it was handed over already
                    session.quit()

    def _signed_in(self, session: SmtpSession) -> None:
        if self.sign_in is None:
            return
        try:
            session.login(*self.sign_in)
        except ValueError:  # smtplib reads base64 in what the server asks
            raise RemoteUnavailable(f"{self.host} gave no answer: what came is no SMTP") from None

    def _hand_over(self, session: SmtpSession, mail: bytes) -> Sequence[str]:
        """Send an e-mail to all, or to none who might take it later; return what was said of addresses that never will.

        An address that is refused for now holds up the others: they would get the same again with every attempt.
        """
        _require(session.mail(self.sender))
        refused = []
        for recipient in self.recipients:
            code, text = session.rcpt(recipient)
            if is_final(code):
                refused.append(f"{recipient}: {answered(code, text, self.host, self._redaction())}")
            else:
                _require((code, text))
        if len(refused) == len(self.recipients):
            raise RemoteRefused("; ".join(refused))
        _require(session.data(mail))
        return refused

    def _redaction(self) -> Redaction:
        return Redaction(secrets_of_sign_in(*self.sign_in) if self.sign_in else ())


def _require(reply: tuple[int, bytes]) -> None:
    code, text = reply
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, text)


def _sign_in(values: Mapping[str, Value]) -> tuple[str, str] | None:
    user, password = values.get("user"), values.get("password")
    if user is None and password is None:
        return None
    if user is None or password is None:
        raise InvalidRequest("'user' and 'password' are given together, or neither")
    if values["security"] == NOTHING:
        raise InvalidRequest("a password is not sent unencrypted; 'security' has to be starttls or tls")
    if not (str(user).isascii() and str(password).isascii()):
        raise InvalidRequest("'user' and 'password' are ASCII: SMTP has no agreed way to send more")
    return str(user), str(password)

"""An e-mail handed to a mail server: to everybody who takes it, or to nobody yet."""

import smtplib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass

from pynomaly.domain.errors import RemoteRefused, RemoteUnavailable
from pynomaly.infrastructure.notifications.mail_route import NOTHING, STARTTLS, TLS, MailRoute
from pynomaly.infrastructure.notifications.outside import Outside
from pynomaly.infrastructure.notifications.smtp_replies import answered, is_final, undelivered
from pynomaly.infrastructure.notifications.smtp_session import SmtpSession


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt, on a connection of its own."""

    route: MailRoute
    outside: Outside

    def __call__(self, mail: bytes) -> None:
        """Hand an e-mail over. Raises DestinationRefused, RemoteRefused, RemoteUnavailable."""
        try:
            with self._session() as session:
                refused = self._hand_over(session, mail)
        except OSError as error:
            raise undelivered(error, self.route.host, self.route.secrets) from None
        if refused:
            raise RemoteRefused(f"everybody got it but {'; '.join(refused)}")

    @contextmanager
    def _session(self) -> Iterator[SmtpSession]:
        host, port, security = self.route.host, self.route.port, self.route.security
        with self.outside.converse(host, port, is_encrypted=security != NOTHING) as connection:
            if security == TLS:
                connection = self.outside.tls().wrap_socket(connection, server_hostname=host)
            with closing(SmtpSession(connection, host, port, self.route.domain)) as session:
                if security == STARTTLS:
                    session.starttls(context=self.outside.tls())
                session.ehlo_or_helo_if_needed()
                self._sign_in(session)
                yield session
                with suppress(OSError):  # it was handed over already
                    session.quit()

    def _sign_in(self, session: SmtpSession) -> None:
        if self.route.sign_in is None:
            return
        try:
            session.login(*self.route.sign_in)
        except ValueError:  # smtplib reads base64 in what the server asks
            raise RemoteUnavailable(f"{self.route.host} gave no answer: what came is no SMTP") from None

    def _hand_over(self, session: SmtpSession, mail: bytes) -> Sequence[str]:
        """Send an e-mail to all, or to none who might take it later; return what was said of addresses that never will.

        An address that is refused for now holds up the others: they would get the same again with every attempt.
        """
        _require(session.mail(self.route.sender))
        refused = []
        for recipient in self.route.recipients:
            code, text = session.rcpt(recipient)
            if is_final(code):
                refused.append(f"{recipient}: {answered(code, text, self.route.host, self.route.secrets)}")
            else:
                _require((code, text))
        if len(refused) == len(self.route.recipients):
            raise RemoteRefused("; ".join(refused))
        _require(session.data(mail))
        return refused


def _require(reply: tuple[int, bytes]) -> None:
    code, text = reply
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, text)

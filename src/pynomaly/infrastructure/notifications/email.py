"""E-mail, handed to a mail server that takes it from there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pynomaly.application.ports.notifier import Message
from pynomaly.domain.connection import ConnectionKind, Field, FieldType, Value
from pynomaly.infrastructure.notifications.mail_route import NOTHING, STARTTLS, TLS, MailRoute
from pynomaly.infrastructure.notifications.outside import Outside

KIND = ConnectionKind(
    "email",
    "An e-mail to one or several addresses, through a mail server (SMTP).",
    (
        Field("host", "the mail server", is_place=True),
        Field("port", "its port", FieldType.NUMBER, default=587, least=1, most=65535, is_place=True),
        Field(
            "security",
            "starttls on port 587, tls on port 465; none only inside allowed networks, and without a password",
            FieldType.CHOICE,
            default=STARTTLS,
            choices=(STARTTLS, TLS, NOTHING),
            is_place=True,
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

    route: MailRoute
    outside: Outside = field(repr=False)

    @classmethod
    def opened(cls, values: Mapping[str, Value], outside: Outside) -> "EmailNotifier":
        """Return the channel. Raises InvalidRequest for addresses that are none, and half a sign-in."""
        return cls(MailRoute.read(values), outside)

    def send(self, message: Message) -> None:
        """Hand a message over. Raises DestinationRefused, RemoteRefused, RemoteUnavailable."""
        # what speaks SMTP takes longer to import than most commands of the program take
        from pynomaly.infrastructure.notifications.mail import mail_of
        from pynomaly.infrastructure.notifications.smtp_delivery import Delivery

        mail = mail_of(message, self.route.sender, self.route.recipients)
        Delivery(self.route, self.outside)(mail)

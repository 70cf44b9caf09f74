"""The way an e-mail takes: through which server, signed in as whom, from and to which addresses."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pynomaly.domain.connection import Value
from pynomaly.domain.errors import InvalidRequest
from pynomaly.infrastructure.notifications.email_addresses import read_address, read_addresses

STARTTLS, TLS, NOTHING = "starttls", "tls", "none"
"""How the connection is encrypted."""


@dataclass(frozen=True, slots=True)
class MailRoute:
    """sign_in: user and password, None for a server that asks for neither."""

    host: str
    port: int
    security: str
    sign_in: tuple[str, str] | None = field(repr=False)
    sender: str
    recipients: Sequence[str]

    @classmethod
    def read(cls, values: Mapping[str, Value]) -> "MailRoute":
        """Return the route that a channel's values are. Raises InvalidRequest for wrong addresses, half a sign-in."""
        return cls(
            host=str(values["host"]).strip("[]"),
            port=int(values["port"]),
            security=str(values["security"]),
            sign_in=_sign_in(values),
            sender=read_address(str(values["sender"])),
            recipients=read_addresses(str(values["recipients"])),
        )

    @property
    def domain(self) -> str:
        """The sender's."""
        return self.sender.rpartition("@")[2]

    @property
    def secrets(self) -> Sequence[str]:
        """The password, and what SMTP's AUTH PLAIN makes of it; what LOGIN makes of it is one of its usual forms."""
        if self.sign_in is None:
            return ()
        user, password = self.sign_in
        return password, base64.b64encode(f"\0{user}\0{password}".encode()).decode()


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

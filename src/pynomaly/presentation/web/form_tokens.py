"""Proof that a form was sent from a page of ours: where the browser says it came from, and a token of its user's own.

Source: OWASP, "Cross-Site Request Forgery Prevention", signed double submit and Fetch Metadata.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.requests import Request

from pynomaly.domain.access import Principal
from pynomaly.domain.errors import Forbidden

FIELD = "form_token"
HEADER = "X-Form-Token"
FOREIGN = "this form was not sent from a page of this server; open the page anew and send it again"


@dataclass(frozen=True, slots=True)
class FormTokens:
    """Makes and checks tokens; key: secret bytes of the installation."""

    key: bytes = field(repr=False)

    def of(self, principal: Principal) -> str:
        """Return the token that every form of somebody carries."""
        mac = hmac.digest(self.key, f"{principal.tenant_id}\n{principal.actor}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(mac).decode("ascii").rstrip("=")

    def check(self, principal: Principal, given: str) -> None:
        """Check what came with a form. Raises Forbidden."""
        if not hmac.compare_digest(self.of(principal).encode(), given.encode("utf-8", "replace")):
            raise Forbidden(FOREIGN)


def require_own_page(request: Request) -> None:
    """Check that a browser says a request comes from a page of this server. Raises Forbidden.

    Browsers that tell neither `Sec-Fetch-Site` nor `Origin` with a form are older than five years.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site != "same-origin":
            raise Forbidden(FOREIGN)
        return
    origin = urlsplit(request.headers.get("origin", ""))
    if not origin.netloc or origin.netloc.lower() != request.headers.get("host", "").lower():
        raise Forbidden(FOREIGN)

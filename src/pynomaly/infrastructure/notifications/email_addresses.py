"""E-mail addresses as they are usual: a local part without quotes, and a domain in ASCII."""

import re
from collections.abc import Sequence

from pynomaly.domain.errors import InvalidRequest

MOST_RECIPIENTS = 50
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"  # RFC 5322
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?=.{{1,189}}\Z){_LABEL}(?:\.{_LABEL})*")


def read_address(text: str) -> str:
    """Return one address. Raises InvalidRequest for anything else, be it two."""
    if not _ADDRESS.fullmatch(text):
        raise InvalidRequest(f"{text[:100]!r} is no e-mail address such as alerts@example.org")
    return text


def read_addresses(text: str) -> Sequence[str]:
    """Return addresses that are separated by commas, each once. Raises InvalidRequest."""
    addresses = [read_address(part.strip()) for part in text.split(",") if part.strip()]
    if not 1 <= len(addresses) <= MOST_RECIPIENTS:
        raise InvalidRequest(f"'recipients' holds 1 to {MOST_RECIPIENTS} addresses, separated by commas")
    return list(dict.fromkeys(addresses))

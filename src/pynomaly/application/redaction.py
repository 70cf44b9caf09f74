"""What other systems and libraries say, without the secrets it may repeat."""

import re
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

HIDDEN = "(hidden)"
LONGEST = 500
SHORTEST_PART = 6  # shorter parts of an address are words such as "api", not tokens
_PARTS = re.compile(r"[^/?&=#;,]+")


def redacted(text: str, secrets: Iterable[str]) -> str:
    """Return one short printable line in which no secret stands, nor the token in a secret address.

    >>> redacted("POST https://example.org/hook/T0K3N42 failed", ["https://example.org/hook/T0K3N42"])
    'POST (hidden) failed'
    >>> redacted("no such hook: T0K3N42", ["https://example.org/hook/T0K3N42"])
    'no such hook: (hidden)'
    """
    hidden = {part for secret in secrets for part in _telling_parts(secret)}
    for part in sorted(hidden, key=len, reverse=True):
        text = text.replace(part, HIDDEN)
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _telling_parts(secret: str) -> Iterable[str]:
    """Yield what must not be told: the secret in each way it may be written, and the tokens of an address."""
    if not secret:
        return
    yield from {secret, quote(secret), quote(secret, safe=""), repr(secret)[1:-1]}
    if "://" in secret:
        place = urlsplit(secret)
        for part in _PARTS.findall(f"{place.path}/{place.query}/{place.fragment}"):
            if len(part) >= SHORTEST_PART:
                yield part

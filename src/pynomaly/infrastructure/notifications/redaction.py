"""What others answer, made fit to be shown: short, printable, and without the secrets it may repeat."""

import base64
import html
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote, quote_plus, unquote

HIDDEN = "(hidden)"
LONGEST_SHOWN = 200
_LOOKED_AT = 4 * LONGEST_SHOWN
_TELLING = 8
"""So many characters in a row that also stand in a secret are taken for a part of it."""


@dataclass(frozen=True, slots=True, repr=False)
class Redaction:
    """Knows the secrets of one channel."""

    secrets: Sequence[str]

    def shown(self, reply: bytes) -> str:
        """Return the beginning of a reply as one printable line; what it has in common with a secret is hidden."""
        line = _one_line(reply[:_LOOKED_AT].decode("utf-8", "replace"))
        hides = [False] * len(line)
        for secret in self.secrets:
            for form in forms_of(secret):
                _mark(hides, _folded(line), _folded(_one_line(form)))
        whole = len(line) if len(reply) <= _LOOKED_AT else len(line) - _TELLING  # a secret may have been cut in two
        runs = groupby(zip(line[:whole], hides, strict=False), key=lambda each: each[1])
        return "".join(HIDDEN if is_secret else _joined(run) for is_secret, run in runs)[:LONGEST_SHOWN]


def forms_of(secret: str) -> Iterator[str]:
    """Yield a secret as others may write it back: escaped for URLs, HTML or JSON, or in base64."""
    as_json = json.dumps(secret)[1:-1]
    yield from (secret, unquote(secret), quote(secret), quote_plus(secret), html.escape(secret))
    yield from (as_json, as_json.replace("/", "\\/"))
    yield base64.b64encode(secret.encode()).decode().rstrip("=")


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _folded(text: str) -> str:
    """Return a text in lower case, character by character, so that positions stay."""
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def _joined(run: Iterable[tuple[str, bool]]) -> str:
    return "".join(char for char, _ in run)


def _mark(hides: list[bool], line: str, form: str) -> None:
    """Mark the stretches of a line that stand in a form of a secret, too; of a short form all of it has to."""
    width = min(_TELLING, len(form))
    parts = {form[at : at + width] for at in range(len(form) - width + 1)} if width else set()
    for at in range(len(line) - width + 1):
        if line[at : at + width] in parts:
            hides[at : at + width] = [True] * width


def secrets_of_sign_in(user: str, password: str) -> Sequence[str]:
    """Return a password, and what SMTP's AUTH PLAIN makes of it; what LOGIN makes of it is one of its forms."""
    return [password, base64.b64encode(f"\0{user}\0{password}".encode()).decode()]

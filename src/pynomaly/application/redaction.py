"""What other systems and libraries say, without the secrets it may repeat, in whatever form they stand there."""

import base64
import html
import json
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from itertools import groupby
from urllib.parse import quote, quote_plus, unquote, urlsplit

from pynomaly.domain.errors import PynomalyError

HIDDEN = "(hidden)"
LONGEST = 500
_TELLING = 8
"""So many characters in a row that also stand in a secret are taken for a part of it."""
_WORD = 4
"""What is shorter is hidden only where it stands alone: within words it would tell which letters it is made of."""
_SHORTEST_TOKEN = 6  # shorter parts of an address are words such as "api"
_TOKENS = re.compile(r"[^/?&=#;,]+")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


def redacted(text: str, secrets: Iterable[str], *, longest: int = LONGEST) -> str:
    """Return one printable line of at most so many characters in which nothing secret stands.

    Of an address the host may be shown; what follows it may not.

    >>> redacted("POST https://example.org/hook/T0K3N42 failed", ["https://example.org/hook/T0K3N42"])
    'POST (hidden) failed'
    >>> redacted("no such hook: T0K3N42", ["https://example.org/hook/T0K3N42"])
    'no such hook: (hidden)'
    >>> redacted("FATAL: password 'h/2+4' refused at postgresql://ada:h%2F2%2B4@db", ["h/2+4"])
    "FATAL: password '(hidden)' refused at postgresql://ada:(hidden)@db"
    """
    looked_at = text[: 4 * longest]
    line = _one_line(looked_at)
    hides = _marks(line, secrets)
    whole = len(line) - (_TELLING if looked_at != text else 0)  # a secret may have been cut in two
    runs = groupby(zip(line[:whole], hides, strict=False), key=lambda each: each[1])
    shown = "".join(HIDDEN if is_secret else "".join(char for char, _ in run) for is_secret, run in runs)
    is_whole = looked_at == text and len(shown) <= longest
    return shown if is_whole else shown[: longest - 1] + "…"


@contextmanager
def discreet(secrets: Collection[str]) -> Iterator[None]:
    """Take secrets out of what errors say, whoever wrote them, and leave behind what they came from."""
    try:
        yield
    except PynomalyError as error:
        if not secrets:
            raise
        raise _saying(error, redacted(str(error), secrets)) from None


def _saying(error: PynomalyError, text: str) -> PynomalyError:
    """Return the same error in other words."""
    if text == str(error):
        return error
    told = copy(error)
    told.args = (text,)
    return told


def _marks(line: str, secrets: Iterable[str]) -> list[bool]:
    """Return for each character of a line whether it is to be hidden."""
    hides, folded = [False] * len(line), _folded(line)
    for form, width in {found for secret in secrets for found in _telling(secret)}:
        parts = {form[at : at + width] for at in range(len(form) - width + 1)} if width else set()
        for at in range(len(line) - width + 1):
            if folded[at : at + width] in parts and (width >= _WORD or _stands_alone(line, at, at + width)):
                hides[at : at + width] = [True] * width
    return hides


def _stands_alone(line: str, start: int, end: int) -> bool:
    return not (line[max(start - 1, 0) : start].isalnum() or line[end : end + 1].isalnum())


def _telling(secret: str) -> Iterator[tuple[str, int]]:
    """Yield the forms of a secret, and how many characters of each give it away."""
    is_address = _ADDRESS.match(secret) is not None
    for form in _forms(secret):
        yield form, len(form) if is_address else min(_TELLING, len(form))
    for part in _parts(secret) if is_address else ():
        for form in _forms(part):
            yield form, min(_TELLING, len(form))


def _parts(address: str) -> Iterator[str]:
    """Yield what follows the host of an address, and the tokens in it."""
    try:
        place = urlsplit(address)
    except ValueError:
        yield address
        return
    parts = [place.netloc.rpartition("@")[0], place.path.lstrip("/"), place.query, place.fragment]
    yield from (part for part in parts if len(part) >= _WORD)
    yield from (token for part in parts for token in _TOKENS.findall(part) if len(token) >= _SHORTEST_TOKEN)


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret as others may write it back, on one line in lower case."""
    forms = [secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]]
    forms += [form.replace("/", "\\/") for form in forms]
    forms += [quote(secret, safe, errors="replace") for safe in ("/", "")]
    forms += [unquote(secret), quote_plus(secret, errors="replace"), html.escape(secret), repr(secret)[1:-1]]
    for form in (*forms, *_in_base64(secret.encode(errors="replace"))):
        yield _folded(_one_line(form))


def _in_base64(secret: bytes) -> Iterator[str]:
    """Yield what base64 makes of a secret, by itself and in the middle of something, in both its alphabets."""
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(secret).decode().rstrip("=")
        for n_before in range(3) if len(secret) >= _TELLING else ():
            first, end = -(-n_before * 8 // 6), (n_before + len(secret)) * 8 // 6
            yield encode(bytes(n_before) + secret).decode()[first:end]


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _folded(text: str) -> str:
    """Return a text in lower case, character by character, so that positions stay."""
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)

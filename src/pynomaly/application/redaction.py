"""Messages without secrets: what another system says may repeat what it was told."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import quote, quote_plus

from pynomaly.domain.errors import PynomalyError

REDACTED = "(hidden)"


def redacted(text: str, secrets: Iterable[str]) -> str:
    """Return a text with every secret taken out, also as it is written in addresses, in JSON and by Python.

    >>> redacted("FATAL: password 'h/2' refused at postgresql://ada:h%2F2@db", ["h/2"])
    "FATAL: password '(hidden)' refused at postgresql://ada:(hidden)@db"
    """
    forms = {form for secret in secrets if secret for form in _forms(secret)}
    for form in sorted(forms, key=len, reverse=True):  # one may be part of another
        text = text.replace(form, REDACTED)
    return text


@contextmanager
def discreet(secrets: Iterable[str]) -> Iterator[None]:
    """Take secrets out of the errors of a block."""
    try:
        yield
    except PynomalyError as error:
        said = str(error)
        harmless = redacted(said, secrets)
        if harmless == said:
            raise
        raise type(error)(harmless) from None


def _forms(secret: str) -> set[str]:
    written = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], repr(secret)[1:-1]}
    sound = secret.encode("utf-8", "replace")
    return {secret, *written, quote(sound), quote(sound, safe=""), quote_plus(sound)}

"""Errors without secrets: what another system or a library says may repeat what it was told."""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from pynomaly.application.redaction import redacted
from pynomaly.domain.errors import PynomalyError


def without(text: str, secrets: Collection[str]) -> str:
    """Return a text in which no secret stands, nor as it is written in addresses, in JSON or by Python.

    >>> without("FATAL: password 'h/2' refused at postgresql://ada:h%2F2@db", ["h/2"])
    "FATAL: password '(hidden)' refused at postgresql://ada:(hidden)@db"
    """
    in_json = (json.dumps(secret, ensure_ascii=is_plain)[1:-1] for secret in secrets for is_plain in (True, False))
    return redacted(text, [*secrets, *in_json]) if secrets else text


@contextmanager
def discreet(secrets: Collection[str]) -> Iterator[None]:
    """Take secrets out of the errors of a block."""
    try:
        yield
    except PynomalyError as error:
        said = str(error)
        harmless = without(said, secrets)
        if harmless == said:
            raise
        raise type(error)(harmless) from None

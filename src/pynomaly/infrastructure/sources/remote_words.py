"""What another system said, fit to be repeated: one printable line of bounded length, without secrets."""

from collections.abc import Iterable

_LONGEST = 400
_SHORTEST = 4  # to hide a letter wherever it stands would tell which one it is
_HIDDEN = "(hidden)"


def repeatable(text: str, secrets: Iterable[str]) -> str:
    r"""Return what may be shown of a reply: whoever sent it may be hostile, and may know the secrets.

    >>> repeatable("no\r\n  entry for hunter2\x1b[31m", ["hunter2"])
    'no entry for (hidden)?[31m'
    """
    for secret in secrets:
        text = text.replace(secret, _HIDDEN) if len(secret.strip()) >= _SHORTEST else text
    line = " ".join(text.split())
    return "".join(letter if letter.isprintable() else "?" for letter in line)[:_LONGEST]

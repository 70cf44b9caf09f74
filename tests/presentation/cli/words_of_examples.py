"""Examples of help texts as a test types them."""

import shlex


def piped(example):
    """Return the words of an example; where it would ask for a password or a secret, that comes through a pipe."""
    words = shlex.split(example)[1:]
    asks = words[:2] in (["admin", "create-user"], ["admin", "set-password"]) and "--password-stdin" not in words
    return [*words, "--password-stdin"] if asks else _secrets_piped(words)


def _secrets_piped(words):
    before = ["", *words]
    return [
        "--secret-file" if word == "--secret" else f"{word}=-" if last == "--secret" else word
        for last, word in zip(before, words, strict=False)
    ]

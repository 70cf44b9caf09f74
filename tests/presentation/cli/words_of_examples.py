"""Examples of help texts as a test types them."""

import shlex


def piped(example):
    """Return the words of an example; where it would ask for a password, the password comes through a pipe instead."""
    words = shlex.split(example)[1:]
    asks = words[:2] in (["admin", "create-user"], ["admin", "set-password"]) and "--password-stdin" not in words
    return [*words, "--password-stdin"] if asks else words

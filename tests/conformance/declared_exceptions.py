"""Every place where an algorithm of the catalogue does not keep the contract, and why: one row each, none of our own.

A declared exception is expected to fail; once it passes, the kit fails until the row is removed here.
"""

EXCEPTIONS: dict[tuple[str, str], str] = {}
"""(algorithm, name of the check) -> reason."""

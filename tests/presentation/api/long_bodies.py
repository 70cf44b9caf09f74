"""Bodies of any length that a reader of JSON might stumble over, whole or broken."""

from collections.abc import Callable, Mapping

SHAPES: Mapping[str, Callable[[int], bytes]] = {
    "numbers": lambda n: b"[" + b"0.123456789," * (n // 12) + b"0]",
    "objects": lambda n: b"[" + b'{"amount":12.5,"country":"DE"},' * (n // 31) + b"{}]",
    "digits": lambda n: b"[" + b"1," * (n // 2) + b"1]",
    "empty texts": lambda n: b"[" + b'"",' * (n // 3) + b'""]',
    "escapes": lambda n: b'"' + b'\\"' * (n // 2) + b'"',
    "long numbers": lambda n: b"[" + b"1000000000000000000," * (n // 20) + b"1]",
    "one long fraction": lambda n: b"0." + b"1" * n,
    "one long number": lambda n: b"1" * n,
    "opened lists": lambda n: b"[" * n,
    "opened objects": lambda n: b'{"a":' * (n // 5),
    "quotes": lambda n: b'"' * n,
    "backslashes": lambda n: b"\\" * n,
}

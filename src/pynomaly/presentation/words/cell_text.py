"""Any cell as one short harmless piece of text: nothing in the data can steer the terminal."""

from datetime import date, datetime

from pynomaly.presentation.words.figures import value_figure

MAX_CHARACTERS = 40
MOST_EXACT = 2**53  # beyond, a float no longer holds every whole number


def shown(value: object, *, max_characters: int = MAX_CHARACTERS) -> str:
    """Return a value as a reader would write it; text stays as it is, shortened and made harmless.

    >>> shown(1530.0), shown(None), shown(True)
    ('1,530', 'missing', 'yes')
    """
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value_figure(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds" if value.microsecond == 0 else "milliseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return shortened(f"{len(value):,} bytes {value[:16].hex()}", max_characters)
    return shortened(harmless(_start(value, max_characters)), max_characters)


def named(value: object, *, max_characters: int = MAX_CHARACTERS) -> str:
    """Return what names a row: a number keeps its digits as they are, because it is a name and no amount.

    >>> named(1000001), named(1000001.0), named("K-17")
    ('1000001', '1000001', 'K-17')
    """
    if isinstance(value, float) and value.is_integer() and abs(value) < MOST_EXACT:
        return str(int(value))
    is_figure = isinstance(value, int | float) and not isinstance(value, bool)
    return shortened(repr(value), max_characters) if is_figure else shown(value, max_characters=max_characters)


def quoted(value: object, *, max_characters: int = MAX_CHARACTERS) -> str:
    """Return text between quotes, anything else as `shown`: where text stands beside words of ours."""
    text = shown(value, max_characters=max_characters)
    return f"'{text}'" if isinstance(value, str) else text


def harmless(text: str) -> str:
    r"""Return text with everything that is not a visible character or a space written out as an escape.

    Control characters, terminal escape sequences, direction overrides and lone surrogates all become visible.

    >>> print(harmless("a\x1b[31mb"))
    a\x1b[31mb
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def shortened(text: str, max_characters: int) -> str:
    """Return text cut to a length, an ellipsis showing the cut."""
    return text if len(text) <= max_characters else text[: max_characters - 1].rstrip() + "…"


def _start(value: object, max_characters: int) -> str:
    """Write no more of a huge value than can be shown."""
    return value[: max_characters + 1] if isinstance(value, str) else str(value)

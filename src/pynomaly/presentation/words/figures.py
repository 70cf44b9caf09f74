"""How numbers are written for people: thousands separated, no more digits than mean something."""

import math

_PLAIN_FROM, _PLAIN_BELOW = 1e-4, 1e15  # outside, a power of ten reads better than a row of zeros


def count(n: int) -> str:
    """Return a whole number, thousands separated.

    >>> count(41002)
    '41,002'
    """
    return f"{n:,}"


def score_figure(value: float | None) -> str:
    """Return a number to three significant digits, zeros included so that figures line up, "–" where there is none.

    >>> score_figure(0.72), score_figure(1234.5), score_figure(0.0000123), score_figure(None)
    ('0.720', '1,230', '1.23e-05', '–')
    """
    return "–" if value is None else _figure(value, 3)


def severity_figure(severity: float | None) -> str:
    """Return a severity, "–" where there is none; it is never rounded up into the next band.

    >>> severity_figure(86.4), severity_figure(74.9), severity_figure(None)
    ('86', '74', '–')
    """
    if severity is None:
        return "–"
    from pynomaly.domain.severity import band_of

    rounded = round(severity)
    return str(rounded if band_of(rounded) is band_of(severity) else math.floor(severity))


def short_figure(value: float) -> str:
    """Return a number to three significant digits, as it stands in a sentence.

    >>> short_figure(0.72), short_figure(140.0)
    ('0.72', '140')
    """
    return _trimmed(_figure(value, 3))


def value_figure(value: int | float) -> str:
    """Return a cell's number: whole numbers in full, others to five significant digits at most.

    >>> value_figure(1530.0), value_figure(12.345678), value_figure(-0.5)
    ('1,530', '12.346', '-0.5')
    """
    if isinstance(value, int):
        return f"{value:,}" if abs(value) < _PLAIN_BELOW else f"{value:.6g}" if abs(value) < 1e300 else "very large"
    if value.is_integer() and abs(value) < _PLAIN_BELOW:
        return f"{int(value):,}"
    return _trimmed(_figure(value, 5))


def share_figure(share: float) -> str:
    """Return a share of 1 in per cent.

    >>> share_figure(0.812), share_figure(0.0042), share_figure(1.0)
    ('81 %', '0.42 %', '100 %')
    """
    percent = 100 * share
    if percent >= 99.95 or percent == 0:
        return f"{percent:.0f} %"
    return f"{percent:.3g} %" if percent > 99 else f"{percent:.2g} %"


def _figure(value: float, digits: int) -> str:
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "infinite" if value > 0 else "minus infinite"
    if value == 0:
        return "0"
    if not _PLAIN_FROM <= abs(value) < _PLAIN_BELOW:
        return f"{value:.{digits - 1}e}"
    rounded = float(f"{value:.{digits - 1}e}")
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    return f"{rounded:,.{decimals}f}"


def _trimmed(text: str) -> str:
    digits, power, exponent = text.partition("e")
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits) + power + exponent

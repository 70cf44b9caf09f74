"""How two detections differ, in sentences: which ranks better, by how much, and whether chance explains it."""

from collections.abc import Sequence

from pynomaly.application.use_cases.compare_detections import Comparison
from pynomaly.domain.paired_comparison import Agreement, PairedDifference
from pynomaly.presentation.web.texts import _, ngettext
from pynomaly.presentation.words.figures import count, short_figure


def agreement_in_words(decisions: Agreement) -> str:
    """Return how far two decisions agree, in one line."""
    n_apart = decisions.n_only_first + decisions.n_only_second
    if not n_apart:
        return _("Both flag the same rows")
    said = ngettext(
        "They disagree about %(apart)s row: %(a)s only A flags, %(b)s only B flags",
        "They disagree about %(apart)s rows: %(a)s only A flags, %(b)s only B flags",
        n_apart,
    )
    return said % {
        "apart": count(n_apart),
        "a": _none_or(decisions.n_only_first),
        "b": _none_or(decisions.n_only_second),
    }


def differences_in_words(known: Comparison) -> Sequence[str]:
    """Return what the label says about both, the ranking first."""
    return [
        difference_in_words(known.roc_auc, _("ROC AUC")),
        difference_in_words(known.average_precision, _("average precision")),
        _("Labelled anomalies: both flag %(both)s, A alone %(a)s, B alone %(b)s; both miss %(none)s.")
        % _counts(known.found),
        _("False alarms: both raise %(both)s, A alone %(a)s, B alone %(b)s.") % _counts(known.false_alarms),
    ]


def difference_in_words(difference: PairedDifference, measure: str) -> str:
    """Return which of two is better by a measure, with the interval of the difference.

    >>> difference_in_words(PairedDifference(0.9, 0.912, -0.012, -0.02, -0.004, 0.003), "ROC AUC")
    'B ranks better: by 0.012 in ROC AUC (95 % interval 0.004 to 0.02).'
    """
    if difference.difference == 0.0 and difference.low == difference.high == 0.0:
        return _("By %(measure)s there is no difference.") % {"measure": measure}
    is_first = difference.difference > 0
    low, high = (difference.low, difference.high) if is_first else _turned(difference.low, difference.high)
    values = {
        "better": "A" if is_first else "B",
        "by": short_figure(abs(difference.difference)),
        "measure": measure,
    }
    if low is None or high is None:
        return (
            _("%(better)s is ahead by %(by)s in %(measure)s; too few rows have an answer to say how sure that is.")
            % values
        )
    values |= {"low": _signed(low), "high": _signed(high)}
    if low > 0.0:
        return _("%(better)s ranks better: by %(by)s in %(measure)s (95 %% interval %(low)s to %(high)s).") % values
    return (
        _(
            "Which ranks better by %(measure)s cannot be told: %(better)s is ahead by %(by)s, "
            "and chance alone explains that (95 %% interval %(low)s to %(high)s)."
        )
        % values
    )


def _turned(low: float | None, high: float | None) -> tuple[float | None, float | None]:
    return (None if high is None else -high), (None if low is None else -low)


def _signed(value: float) -> str:
    return short_figure(value).replace("-", "−") if abs(value) >= 1e-4 else short_figure(value)


def _counts(one: Agreement) -> dict[str, str]:
    return {
        "both": _none_or(one.n_both),
        "a": _none_or(one.n_only_first),
        "b": _none_or(one.n_only_second),
        "none": _none_or(one.n_neither),
    }


def _none_or(n: int) -> str:
    return count(n) if n else _("none")

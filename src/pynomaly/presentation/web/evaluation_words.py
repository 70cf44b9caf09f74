"""How measures against known answers read: each as a sentence that says what it counts."""

from collections.abc import Sequence

from pynomaly.application.use_cases.find_mistakes import Mistakes
from pynomaly.domain.curves import ReliabilityBin
from pynomaly.domain.evaluation import Evaluation
from pynomaly.presentation.web.texts import _, ngettext
from pynomaly.presentation.words.figures import count, score_figure, share_figure, short_figure


def outcome_in_words(mistakes: Mistakes) -> str:
    """Return the answer in one line: what was found, and what it cost."""
    false = ngettext("%(n)s false alarm", "%(n)s false alarms", mistakes.n_false_alarms) % {
        "n": count(mistakes.n_false_alarms)
    }
    said = ngettext(
        "%(found)s of %(n)s labelled anomaly found, with %(false)s",
        "%(found)s of %(n)s labelled anomalies found, with %(false)s",
        mistakes.n_anomalies,
    )
    return said % {"found": count(mistakes.n_found), "n": count(mistakes.n_anomalies), "false": false}


def measures_in_words(evaluation: Evaluation) -> Sequence[str]:
    """Return what each measure of the decision says, and how many of the strangest rows are right."""
    n = evaluation.n_labelled_anomalies
    recall = _("%(recall)s of the labelled anomalies are flagged (recall).") % {
        "recall": share_figure(evaluation.recall)
    }
    told = [recall]
    if evaluation.precision is not None:
        precision = share_figure(evaluation.precision)
        told.append(
            _("%(precision)s of the flagged rows are labelled anomalies (precision).") % {"precision": precision}
        )
    at_n = ngettext(
        "There is %(n)s labelled anomaly; the strangest row is one in %(share)s of cases.",
        "There are %(n)s labelled anomalies; of the %(n)s strangest rows %(share)s are among them.",
        n,
    )
    return [*told, at_n % {"share": share_figure(evaluation.precision_at_n), "n": count(n)}]


def ranking_in_words(evaluation: Evaluation) -> str:
    """Return what the area below the ROC curve says."""
    said = _("In %(auc)s of all pairs a labelled anomaly scores above a normal row (ROC AUC %(figure)s)")
    return said % {"auc": share_figure(evaluation.roc_auc), "figure": score_figure(evaluation.roc_auc)}


def purity_in_words(evaluation: Evaluation) -> str:
    """Return what the area below the curve of precision and recall says."""
    said = _("Average precision is %(figure)s, where guessing would give %(base)s")
    base = evaluation.n_labelled_anomalies / evaluation.n_rows
    return said % {"figure": short_figure(evaluation.average_precision), "base": short_figure(base)}


def reliability_in_words(bins: Sequence[ReliabilityBin]) -> str:
    """Return how often the probability told lies within what was observed, as far as that can be told."""
    n_within = sum(one.low <= one.mean_probability <= one.high for one in bins)
    said = ngettext(
        "The probability told lies within the interval of what was observed for %(within)s of %(n)s group of rows",
        "The probability told lies within the interval of what was observed for %(within)s of %(n)s groups of rows",
        len(bins),
    )
    return said % {"within": count(n_within), "n": count(len(bins))}

"""How well a result agrees with labels, in one line."""

from typing import TYPE_CHECKING

from pynomaly.presentation.cli.words.figures import count, score_figure, share_figure

if TYPE_CHECKING:
    from pynomaly.domain.evaluation import Evaluation


def evaluation_in_words(evaluation: "Evaluation") -> str:
    """Return the measures as one sentence."""
    n_labelled = evaluation.n_labelled_anomalies
    alarms = "1 false alarm" if evaluation.n_false_alarms == 1 else f"{count(evaluation.n_false_alarms)} false alarms"
    precision = "" if evaluation.precision is None else f"precision {share_figure(evaluation.precision)}, "
    found = round(evaluation.recall * n_labelled)
    return (
        f"Against the labels: ROC AUC {score_figure(evaluation.roc_auc)}, "
        f"average precision {score_figure(evaluation.average_precision)}, {precision}"
        f"recall {share_figure(evaluation.recall)} ({count(found)} of {count(n_labelled)} found), {alarms}."
    )

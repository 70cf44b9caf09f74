"""THE LIST of words: what the pages mean by them, with the formula where there is one."""

from collections.abc import Sequence
from dataclasses import dataclass

from pynomaly.presentation.web.texts import _


@dataclass(frozen=True, slots=True)
class Word:
    """A word and what it means. formula: as it is computed, empty where nothing is.  slug: its place on the page."""

    slug: str
    word: str
    meaning: str
    formula: str = ""


WORDS: Sequence[Word] = (
    Word(
        "dataset",
        _("dataset"),
        _("A table whose columns have been understood. Its rows never change; a new upload is a new dataset."),
    ),
    Word(
        "detector",
        _("detector"),
        _("An algorithm under a name, with its trained versions. One version is live: it scores what comes."),
    ),
    Word(
        "detection",
        _("detection"),
        _("One look at a dataset with a detector: a score for each row, and a decision which rows are flagged."),
    ),
    Word(
        "anomaly",
        _("anomaly"),
        _("A row that is flagged: it is unlike most of the rows the detector learned from. Strange is not wrong yet."),
    ),
    Word(
        "alarm",
        _("alarm"),
        _("An anomaly seen as a call on somebody's time. A false alarm is one that a person says was none."),
    ),
    Word(
        "score",
        _("score"),
        _(
            "How strange a row is to one detector: higher is stranger. It depends on the row and on "
            "what was learned, never on the rows beside it. Scores of different detectors cannot be "
            "compared."
        ),
    ),
    Word(
        "severity",
        _("severity"),
        _(
            "The score on a scale from 0 to 100 that is the same for every detector. 50 is where the "
            "default decision draws its line; low below 50, medium from 50, high from 75, critical "
            "from 90."
        ),
        "100 · (1 − 2^−f),  f = (score − Q3) / (fence − Q3), 0 below Q3",
    ),
    Word(
        "p-value",
        _("p-value"),
        _(
            "The share of training rows, scored by models that had not seen them, that are at least "
            "as strange, counting the row itself. Small is strange. It is no chance that the row is "
            "fine."
        ),
        "(1 + number of n training scores ≥ score) / (n + 1)",
    ),
    Word(
        "probability",
        _("probability"),
        _("The chance of being an anomaly, learned from rows with labels. Without labels it is not available."),
        "1 / (1 + e^−(a · score + b)),  a and b fitted to labelled rows",
    ),
    Word(
        "confidence",
        _("confidence"),
        _(
            "The chance that the row would be decided the same had the detector learned from as many "
            "fresh rows. It says how stable the decision is, not whether it is right."
        ),
        "P(at most n − k of n fresh rows score above),  k = training rows below the threshold",
    ),
    Word(
        "threshold",
        _("threshold"),
        _("The score at which rows are flagged. It can be moved after scoring: nothing is trained again."),
    ),
    Word(
        "fence",
        _("fence"),
        _(
            "Where the default decision puts the threshold: far above the bulk of the training "
            "scores. It may flag nothing."
        ),
        "Q3 + 4 · (Q3 − median) of the training scores",
    ),
    Word(
        "budget",
        _("budget"),
        _(
            "How many alarms somebody is ready to look at, as a number of rows or a share. The "
            "strangest are flagged, never more than that."
        ),
    ),
    Word(
        "false alarm share",
        _("false alarm share"),
        _(
            "At most which share of the flagged rows is expected to be ordinary. Rows are flagged by "
            "their p-values so that the bound holds on average."
        ),
        "largest k with p(k) ≤ share · k / n  (Benjamini and Hochberg)",
    ),
    Word(
        "reason",
        _("reason"),
        _(
            "Which columns raised a row's score over that of a typical row, and what is usual there. "
            "The contributions add up to the difference."
        ),
    ),
    Word(
        "self-test",
        _("self-test"),
        _(
            "Where nothing is flagged, a planted row, unusual in every column, is scored: passed "
            "means it would have been caught."
        ),
    ),
    Word(
        "label",
        _("label"),
        _(
            "A yes or no column that says which rows are known anomalies. Detectors never learn from "
            "it; it measures them."
        ),
    ),
    Word(
        "verdict",
        _("verdict"),
        _("What a person says about a flagged row: confirmed, expected, false alarm, new normal, not sure."),
    ),
    Word(
        "precision",
        _("precision"),
        _("Of the flagged rows, the share that are true anomalies."),
        "flagged and true / flagged",
    ),
    Word(
        "recall",
        _("recall"),
        _("Of the true anomalies, the share that were flagged."),
        "flagged and true / true",
    ),
    Word(
        "average precision",
        _("average precision"),
        _(
            "How well scores put true anomalies first, over all thresholds at once. Chance gives the "
            "share of anomalies."
        ),
        "Σ (recall gained at a rank · precision at that rank)",
    ),
    Word(
        "ROC AUC",
        _("ROC AUC"),
        _("The chance that a true anomaly scores above an ordinary row. Chance gives 0.5."),
        "P(score of an anomaly > score of an ordinary row), ties count half",
    ),
    Word(
        "channel",
        _("channel"),
        _("A way to tell somebody outside: Slack, e-mail, a webhook. Its secrets are sealed and shown to nobody."),
    ),
    Word("rule", _("rule"), _("Says of what which channels are told, as a sentence.")),
    Word(
        "delivery",
        _("delivery"),
        _("One message on its way through one channel. It is sent again until it arrives, for up to a day."),
    ),
    Word("job", _("job"), _("Work done by the server's workers, such as a training. It can be watched and cancelled.")),
    Word(
        "workspace",
        _("workspace"),
        _("Everything that belongs together: its members see nothing of any other workspace."),
    ),
)

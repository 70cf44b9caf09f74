"""What the studio says of a line: patterns that the page fills once and its script again whenever the line moves."""

import math

from pynomaly.application.ports.recent_outlines import NoEstimate
from pynomaly.application.stored_scores import DecisionChange
from pynomaly.application.use_cases.find_mistakes import Mistakes
from pynomaly.domain.score_outline import ScoreOutline
from pynomaly.presentation.web.texts import _, ngettext
from pynomaly.presentation.words.figures import count, score_figure, share_figure


def patterns() -> dict[str, str]:
    """Return the patterns by the names that web/scripts/charts/studio.js knows."""
    return {
        "past_none": _("None of %(all)s rows is flagged."),
        "past_one": _("1 of %(all)s rows lies past %(threshold)s."),
        "past_many": _("%(rows)s of %(all)s rows lie past %(threshold)s."),
        "about": _("about %(rows)s"),
        "rule_one": _("%(threshold)s · 1 row past it"),
        "rule_many": _("%(threshold)s · %(rows)s rows past it"),
        "flag_none": _("Flag no row"),
        "flag_one": _("Flag 1 row"),
        "flag_many": _("Flag %(rows)s rows"),
        "false_none": _("Where nothing is flagged, nothing is a false alarm."),
        "false_less": _("On average less than one of them is a false alarm."),
        "false_many": _("On average at most %(false)s of them are false alarms."),
        "false_all": _("By chance alone as many rows may lie past it: all of them may be false alarms."),
    }


def amount(kind: str, n_rows: int) -> str:
    """Return the pattern of a kind that speaks of so many rows.

    >>> amount("flag", 120)
    'Flag %(rows)s rows'
    """
    told = patterns()
    number = {0: "none", 1: "one"}.get(n_rows, "many")
    return told.get(f"{kind}_{number}", told[f"{kind}_many"])


def past_in_words(n_rows: int, n_all: int, threshold: float | None) -> str:
    """Return how many rows lie past a line."""
    return amount("past", n_rows if threshold is not None else 0) % {
        "rows": count(n_rows),
        "all": count(n_all),
        "threshold": score_figure(threshold),
    }


def flag_in_words(n_rows: int) -> str:
    """Return what the button says."""
    return amount("flag", n_rows) % {"rows": count(n_rows)}


def false_in_words(n_rows: int, bound: float | None, why_not: NoEstimate | None) -> str:
    """Return how many of the flagged rows may be false, or why that cannot be told."""
    if why_not is not None:
        return _why_not()[why_not]
    told = patterns()
    if n_rows == 0 or bound is None:
        return told["false_none"]
    if bound >= n_rows:
        return told["false_all"]
    return told["false_less" if bound < 1.0 else "false_many"] % {"false": count(math.ceil(bound))}


def lie_in_words(outline: ScoreOutline) -> str:
    """Return where most scores lie, which no line changes."""
    share = 0.05
    tail = outline.thresholds[outline.n_past <= max(1, share * outline.n_rows)]
    edge = float(tail[-1]) if tail.size else outline.highest
    return _("Of 20 rows 19 score below %(edge)s") % {"edge": score_figure(edge)}


def changes_in_words(change: DecisionChange) -> str:
    """Return what a line would change."""
    new, old = change.n_newly_flagged, change.n_no_longer_flagged
    if not new and not old:
        return _("Nothing: the same rows are flagged now.")
    told = []
    if new:
        said = ngettext("%(n)s row more is flagged than now.", "%(n)s rows more are flagged than now.", new)
        told.append(said % {"n": count(new)})
    if old:
        said = ngettext("%(n)s row is no longer flagged.", "%(n)s rows are no longer flagged.", old)
        told.append(said % {"n": count(old)})
    return " ".join(told)


def hits_in_words(mistakes: Mistakes, label: str) -> str:
    """Return how a line stands to known answers."""
    found = _("Of %(all)s rows that '%(label)s' calls anomalies it flags %(found)s (recall %(recall)s)") % {
        "all": count(mistakes.n_anomalies),
        "label": label,
        "found": count(mistakes.n_found),
        "recall": share_figure(mistakes.n_found / mistakes.n_anomalies) if mistakes.n_anomalies else "–",
    }
    if not mistakes.n_flagged:
        return f"{found}."
    false = ngettext("%(false)s is a false alarm", "%(false)s are false alarms", mistakes.n_false_alarms) % {
        "false": count(mistakes.n_false_alarms)
    }
    precision = share_figure(mistakes.n_found / mistakes.n_flagged)
    return f"{found}; {false} ({_('precision %(precision)s') % {'precision': precision}})."


def _why_not() -> dict[NoEstimate, str]:
    return {
        NoEstimate.TRAINING_ROWS: _(
            "How many of them are false alarms cannot be told: the detector learned from these very rows."
        ),
        NoEstimate.RANK_ONLY: _(
            "How many of them are false alarms cannot be told: the training rows were too few to hold any back."
        ),
        NoEstimate.DETECTOR_GONE: _(
            "How many of them are false alarms cannot be told: the detector has been deleted, and its training with it."
        ),
    }

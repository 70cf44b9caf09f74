"""What pages say can be done about what was found in a dataset: as on a page, not as on a command line."""

from pynomaly.domain.quality import Gravity, QualityFinding, QualityKind
from pynomaly.presentation.web.texts import _


def advice_on(finding: QualityFinding) -> str:
    """Return what can be done here, empty where there is nothing to do."""
    about_rows = {
        QualityKind.NOTHING_TO_LEARN: _("Choose “learned from” for a column below, or bring other rows."),
        QualityKind.SAME_COLUMNS: _("Choose “left out” for one of them below."),
        QualityKind.ALIKE_COLUMNS: _("Choose “left out” for one of them below."),
    }
    if finding.kind in about_rows:
        return about_rows[finding.kind]
    by_option = {
        "--ignore": _("If it says little, choose “left out” for it below."),
        "--feature": _("If it is something to learn from, choose “learned from” for it below."),
        "--id": _("If it names rows, choose “names rows” for it below."),
    }
    return next((words for option, words in by_option.items() if option in finding.advice), finding.advice)


def gravity_word(gravity: Gravity) -> str:
    """Return how much a finding matters."""
    return {
        Gravity.NOTE: _("good to know"),
        Gravity.WARNING: _("may matter"),
        Gravity.PROBLEM: _("in the way"),
    }[gravity]

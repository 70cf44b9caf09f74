"""Verdicts as rows for people and as data for programs."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from pynomaly.presentation.cli.views.formats import Field
from pynomaly.presentation.cli.views.listing import time_as_json, time_in_words
from pynomaly.presentation.words.cell_text import shown
from pynomaly.presentation.words.figures import count
from pynomaly.presentation.words.verdict_words import answer_in_words, share_in_words

if TYPE_CHECKING:
    from pynomaly.domain.algorithm import JsonValue
    from pynomaly.domain.verdict import DetectionVerdicts, DetectorVerdicts, Verdict, VerdictSummary

VERDICT_FIELDS = (
    Field("row", True),
    Field("answer"),
    Field("flagged"),
    Field("by"),
    Field("given"),
    Field("on"),
    Field("note"),
)
DETECTOR_FIELDS = (
    Field("detector"),
    Field("judged", True),
    Field("confirmed", True),
    Field("expected", True),
    Field("false alarm", True),
    Field("new normal", True),
    Field("not sure", True),
    Field("false-alarm share"),
)


def verdict_as_json(verdict: "Verdict") -> "dict[str, JsonValue]":
    """Return a verdict as data, with the keys the REST API gives it."""
    replaced = verdict.replaced
    return {
        "row": verdict.row,
        "detection_id": verdict.detection_id,
        "is_flagged": verdict.is_flagged,
        "answer": verdict.answer.value,
        "note": verdict.note,
        "given_by": verdict.given_by,
        "given_at": time_as_json(verdict.given_at),
        "revision": verdict.revision,
        "replaced": None if replaced is None else {"answer": replaced.answer.value, "given_by": replaced.given_by},
    }


def verdict_as_row(known: "DetectionVerdicts", row: int) -> list[str]:
    """Return row, answer, whether it was flagged, by whom, when and on which detection it was judged, and the note."""
    verdict = known.by_row[row]
    return [
        str(row),
        answer_in_words(verdict.answer),
        "yes" if verdict.is_flagged else "no",
        shown(verdict.given_by),
        time_in_words(verdict.given_at),
        verdict.detection_id[:8] if known.is_from_elsewhere(row) else "this one",
        shown(verdict.note, max_characters=200),
    ]


def summary_as_json(summary: "VerdictSummary") -> "dict[str, JsonValue]":
    """Return a summary as data, with the keys the REST API gives it."""
    share = summary.false_alarm_share
    return {
        "n_judged": summary.n_judged,
        "n_by_answer": {answer.value: n for answer, n in summary.n_by_answer.items()},
        "n_decisive": summary.n_decisive,
        "n_false_alarms": summary.n_false_alarms,
        "false_alarm_share": None if share is None else asdict(share),
    }


def detector_as_row(told: "DetectorVerdicts", name: str | None) -> list[str]:
    """Return the detector, how many rows were judged, how many got each answer, and the share of false alarms."""
    summary = told.summary
    counts = [count(n) for n in (summary.n_judged, *summary.n_by_answer.values())]
    return [
        f"{told.detector_id[:8]} (deleted)" if name is None else shown(name),
        *counts,
        share_in_words(summary.false_alarm_share),
    ]

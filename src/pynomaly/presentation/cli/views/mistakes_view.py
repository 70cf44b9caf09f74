"""Which rows a decision gets wrong, for people and for programs."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from pynomaly.application.written_cells import json_value
from pynomaly.presentation.cli.streams import width, write_result
from pynomaly.presentation.cli.views.findings_json import policy_as_json
from pynomaly.presentation.cli.views.formats import Field, Format, as_json, as_table
from pynomaly.presentation.cli.views.listing import write_list
from pynomaly.presentation.words.cell_text import named
from pynomaly.presentation.words.decision_words import mistakes_in_words
from pynomaly.presentation.words.figures import count, score_figure, severity_figure

if TYPE_CHECKING:
    from pynomaly.application.use_cases.find_mistakes import Mistake, Mistakes
    from pynomaly.domain.algorithm import JsonValue


def write_mistakes(mistakes: "Mistakes", form: Format) -> None:
    """Write how a decision stands to the labels, then its false alarms and its misses, strangest first."""
    match form:
        case Format.JSON:
            write_result(as_json(_as_json(mistakes)))
        case Format.TABLE:
            rows = as_table(*_rows(mistakes), width()) if mistakes.false_alarms or mistakes.misses else ""
            write_result(f"{mistakes_in_words(mistakes)}\n{rows and chr(10) + rows}")
        case _:
            listed = [{"kind": kind, **_row_as_json(row)} for kind, row in _told(mistakes)]
            write_list(form, listed, *_rows(mistakes), when_empty="")


def _told(mistakes: "Mistakes") -> "list[tuple[str, Mistake]]":
    return [
        *(("false alarm", row) for row in mistakes.false_alarms),
        *(("miss", row) for row in mistakes.misses),
    ]


def _rows(mistakes: "Mistakes") -> tuple[list[Field], list[list[str]]]:
    told = _told(mistakes)
    has_identifier = any(row.identifier is not None for _, row in told)
    fields = [Field("kind"), Field("row", True), *([Field("id")] if has_identifier else [])]
    fields += [Field("score", True), Field("severity", True)]
    return fields, [
        [
            kind,
            count(row.row),
            *([named(row.identifier)] if has_identifier else []),
            score_figure(row.score),
            severity_figure(row.severity),
        ]
        for kind, row in told
    ]


def _as_json(mistakes: "Mistakes") -> "dict[str, JsonValue]":
    return {
        "detection": mistakes.detection.id,
        "decision": dict(policy_as_json(mistakes.policy, _threshold(mistakes))),
        "n_labelled": mistakes.n_labelled,
        "n_anomalies": mistakes.n_anomalies,
        "n_flagged": mistakes.n_flagged,
        "n_found": mistakes.n_found,
        "n_false_alarms": mistakes.n_false_alarms,
        "n_missed": mistakes.n_missed,
        "false_alarms": [_row_as_json(row) for row in mistakes.false_alarms],
        "misses": [_row_as_json(row) for row in mistakes.misses],
    }


def _threshold(mistakes: "Mistakes") -> float | None:
    """Return the line of the decision that was stored; of another one only its policy is known."""
    is_stored = mistakes.policy == mistakes.detection.policy
    return mistakes.detection.score_threshold if is_stored else None


def _row_as_json(row: "Mistake") -> "dict[str, JsonValue]":
    written = asdict(row)
    return {"row": written.pop("row"), "id": json_value(written.pop("identifier")), **written}

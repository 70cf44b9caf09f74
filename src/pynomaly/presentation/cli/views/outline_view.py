"""The outline of a detection's scores, and what another line would change, for people and for programs."""

import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from pynomaly.application.written_cells import json_value
from pynomaly.presentation.cli.streams import width, write_result
from pynomaly.presentation.cli.views.findings_json import policy_as_json
from pynomaly.presentation.cli.views.formats import Field, Format, as_json, as_table
from pynomaly.presentation.cli.views.listing import write_list
from pynomaly.presentation.words.cell_text import named
from pynomaly.presentation.words.decision_words import change_in_words, no_estimate_in_words
from pynomaly.presentation.words.figures import count, score_figure, severity_figure

if TYPE_CHECKING:
    from pynomaly.application.ports.recent_outlines import Outlined
    from pynomaly.application.stored_scores import ChangedRow, DecisionChange
    from pynomaly.domain.algorithm import JsonValue
    from pynomaly.domain.detection import Detection
    from pynomaly.domain.score_outline import ScoreHistogram, ScoreOutline

MOST_LINES = 20
BAR_CHARACTERS = 40
ROUND_NUMBERS = (1, 2, 5)


def write_outline(detection: "Detection", outlined: "Outlined", form: Format) -> None:
    """Write a histogram and how many rows some thresholds would flag; to programs, every threshold there is."""
    outline = outlined.scores
    match form:
        case Format.JSON:
            write_result(as_json(_outline_as_json(detection, outlined)))
        case Format.TABLE:
            write_result(_page(detection, outlined))
        case _:
            places = range(outline.thresholds.size)
            write_list(
                form, [_step_as_json(outline, place) for place in places], *_steps(outline, places), when_empty=""
            )


def write_change(change: "DecisionChange", form: Format) -> None:
    """Write what a decision would change, and the rows nearest its line; lists in other formats hold those rows."""
    rows = [*change.above, *change.below]
    match form:
        case Format.JSON:
            write_result(as_json(_change_as_json(change)))
        case Format.TABLE:
            notes = "".join(f"\nnote: {note}\n" for note in change.notes)
            write_result(f"{change_in_words(change)}\n\n{as_table(*_changed_rows(change), width())}{notes}")
        case _:
            write_list(form, [_row_as_json(row) for row in rows], *_changed_rows(change), when_empty="")


def _page(detection: "Detection", outlined: "Outlined") -> str:
    outline = outlined.scores
    line = score_figure(detection.score_threshold)
    flagged = "none is flagged" if not detection.n_anomalies else f"{count(detection.n_anomalies)} are flagged"
    past = "" if detection.score_threshold is None else f", past a line at {line}"
    head = (
        f"{count(outline.n_rows)} rows score from {score_figure(outline.lowest)} to {score_figure(outline.highest)}; "
        f"{flagged}{past}."
    )
    bars = as_table([Field("score from", True), Field("rows", True), Field("")], [*_bars(outline.histogram)], width())
    steps = as_table(*_steps(outline, _round_places(outline)), width())
    why = "" if outlined.no_estimate is None else f"\n{no_estimate_in_words(outlined.no_estimate)}\n"
    return f"{head}\n\n{bars}\n{steps}{why}"


def _bars(histogram: "ScoreHistogram") -> Iterator[list[str]]:
    """Yield a line per few bins: where they begin, how many rows are in them, and a bar."""
    edges, counts = histogram.edges.tolist(), histogram.counts.tolist()
    together = math.ceil(len(counts) / MOST_LINES)
    lines = [(score_figure(edges[at]), sum(counts[at : at + together])) for at in range(0, len(counts), together)]
    if histogram.n_below:
        lines.insert(0, ("below", histogram.n_below))
    if histogram.n_beyond:
        lines.append((f"beyond {score_figure(edges[-1])}", histogram.n_beyond))
    most = max(n for _, n in lines)
    for start, n in lines:
        yield [start, count(n), "█" * math.ceil(BAR_CHARACTERS * n / most)]


def _round_places(outline: "ScoreOutline") -> list[int]:
    """Return the places of thresholds that flag about 1, 2, 5, 10, … rows, but no more."""
    powers = range(len(str(outline.n_rows)))
    wanted = [first * 10**power for power in powers for first in ROUND_NUMBERS]
    places = [int(outline.n_past.searchsorted(n, side="right")) - 1 for n in wanted if n <= outline.n_rows]
    return list(dict.fromkeys(place for place in places if place >= 0))


def _steps(outline: "ScoreOutline", places: "range | list[int]") -> tuple[list[Field], list[list[str]]]:
    expected = outline.expected_false_alarms
    fields = [Field("flagged", True), Field("score from", True)]
    fields += [] if expected is None else [Field("false alarms expected, at most", True)]
    return fields, [
        [count(int(outline.n_past[place])), _line(outline, place)]
        + ([] if expected is None else [score_figure(float(expected[place]))])
        for place in places
    ]


def _line(outline: "ScoreOutline", place: int) -> str:
    """Return a threshold as it may be typed, flagging the rows that are told of."""
    from pynomaly.domain.score_outline import shortest_line

    return repr(shortest_line(outline, float(outline.thresholds[place])))


def _step_as_json(outline: "ScoreOutline", place: int) -> "dict[str, JsonValue]":
    expected = outline.expected_false_alarms
    return {
        "threshold": float(outline.thresholds[place]),
        "n_past": int(outline.n_past[place]),
        "expected_false_alarms": None if expected is None else float(expected[place]),
    }


def _outline_as_json(detection: "Detection", outlined: "Outlined") -> "dict[str, JsonValue]":
    outline, drawn = outlined.scores, outlined.scores.histogram
    expected = outline.expected_false_alarms
    return {
        "detection": detection.id,
        "n_rows": outline.n_rows,
        "n_anomalies": detection.n_anomalies,
        "score_threshold": detection.score_threshold,
        "lowest": outline.lowest,
        "highest": outline.highest,
        "histogram": {
            "edges": drawn.edges.tolist(),
            "counts": drawn.counts.tolist(),
            "n_below": drawn.n_below,
            "n_beyond": drawn.n_beyond,
        },
        "tail": {
            "thresholds": outline.thresholds.tolist(),
            "n_past": outline.n_past.tolist(),
            "expected_false_alarms": None if expected is None else expected.tolist(),
        },
        "no_estimate": None if outlined.no_estimate is None else outlined.no_estimate.value,
    }


def _change_as_json(change: "DecisionChange") -> "dict[str, JsonValue]":
    return {
        "detection": change.detection.id,
        "decision": dict(policy_as_json(change.policy, change.score_threshold)),
        "n_flagged": change.n_flagged,
        "n_would_be_flagged": change.n_would_be_flagged,
        "n_newly_flagged": change.n_newly_flagged,
        "n_no_longer_flagged": change.n_no_longer_flagged,
        "above": [_row_as_json(row) for row in change.above],
        "below": [_row_as_json(row) for row in change.below],
        "notes": [json_value(note) for note in change.notes],
    }


def _row_as_json(row: "ChangedRow") -> "dict[str, JsonValue]":
    written = asdict(row)
    return {"row": written.pop("row"), "id": json_value(written.pop("identifier")), **written}


def _changed_rows(change: "DecisionChange") -> tuple[list[Field], list[list[str]]]:
    rows = [*change.above, *change.below]
    has_identifier = any(row.identifier is not None for row in rows)
    fields = [Field("row", True), *([Field("id")] if has_identifier else [])]
    fields += [Field("score", True), Field("severity", True), Field("now"), Field("then")]
    return fields, [
        [
            count(row.row),
            *([named(row.identifier)] if has_identifier else []),
            score_figure(row.score),
            severity_figure(row.severity),
            _flag(row.is_flagged),
            _flag(row.would_be_flagged),
        ]
        for row in rows
    ]


def _flag(is_flagged: bool) -> str:
    return "flagged" if is_flagged else "–"

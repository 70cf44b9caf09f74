"""Findings as a page of text: the headline, the rows with their reasons, the decision in a sentence."""

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pynomaly.presentation.cli.streams import bold, width
from pynomaly.presentation.cli.views.findings_json import anomaly_as_json, findings_as_json
from pynomaly.presentation.cli.views.formats import Field, Format, as_csv, as_json, as_json_lines, as_markdown, as_table
from pynomaly.presentation.cli.views.report import Report
from pynomaly.presentation.words.cell_text import named, quoted, shown
from pynomaly.presentation.words.figures import count, score_figure, severity_figure
from pynomaly.presentation.words.findings_words import evaluation_in_words, policy_in_words, reasons_in_words

if TYPE_CHECKING:
    from pynomaly.domain.detection import Anomaly

MAX_CHECKED_NAMES = 6
REASONS_IN_A_ROW = 3


def findings_as_text(report: Report, top: int, form: Format) -> str:
    """Return a report in the format asked for."""
    shown_rows = report.flagged(top)
    match form:
        case Format.JSON:
            return as_json(findings_as_json(report, top))
        case Format.NDJSON:
            return as_json_lines([anomaly_as_json(anomaly) for anomaly in shown_rows])
        case Format.CSV:
            return as_csv(*_full_rows(shown_rows))
        case Format.MARKDOWN:
            return as_markdown(*_short_rows(shown_rows))
        case Format.TABLE:
            return _page(report, shown_rows)


def headline(report: Report) -> str:
    """Return the answer in one sentence."""
    rows = count(report.n_rows)
    if report.n_anomalies == 0:
        return f"Nothing stands out among {rows} rows" if report.n_rows != 1 else "The only row does not stand out"
    verb = "stands" if report.n_anomalies == 1 else "stand"
    return f"{count(report.n_anomalies)} of {rows} rows {verb} out"


def _page(report: Report, flagged: "Sequence[Anomaly]") -> str:
    parts = [bold(headline(report), sys.stdout) + "\n"]
    if report.least_usual is not None:
        parts.append(_nothing_found(report, report.least_usual))
    elif flagged:
        more = report.n_anomalies - len(flagged)
        caption = f"showing {count(len(flagged))} of {count(report.n_anomalies)}\n" if more else ""
        parts.append(as_table(*_short_rows(flagged), width()) + caption)
    parts.append("".join(line + "\n" for line in _closing_lines(report)))
    return "\n".join(parts)


def _closing_lines(report: Report) -> Iterator[str]:
    yield policy_in_words(report.policy, report.score_threshold)
    if report.evaluation is not None:
        yield evaluation_in_words(report.evaluation)
    if report.detection_id is not None:
        yield _provenance(report, report.detection_id)


def _provenance(report: Report, detection_id: str) -> str:
    name = quoted(str(report.detector.get("name", "deleted since")))
    return f"Detection {detection_id[:8]} by detector {name}, version {report.detector['version']}."


def _nothing_found(report: Report, least_usual: "Anomaly") -> str:
    checked = ""
    if report.checked:
        names = ", ".join(shown(name) for name in report.checked[:MAX_CHECKED_NAMES])
        more = len(report.checked) - MAX_CHECKED_NAMES
        columns = "1 column" if len(report.checked) == 1 else f"{len(report.checked)} columns together"
        checked = f"Looked at {columns}: {names}{f' and {more} more' if more > 0 else ''}.\n"
    return f"{checked}The least usual row:\n\n{as_table(*_short_rows([least_usual]), width())}"


def _short_rows(anomalies: "Sequence[Anomaly]") -> tuple[list[Field], list[list[str]]]:
    """Return what fits in a line: columns that hold nothing in any row are left out."""
    has_identifier = any(anomaly.identifier is not None for anomaly in anomalies)
    has_probability = any(anomaly.probability is not None for anomaly in anomalies)
    has_reasons = any(anomaly.reasons for anomaly in anomalies)
    has_severity = any(anomaly.severity is not None for anomaly in anomalies)
    fields = [Field("row", is_figure=True)]
    fields += [Field("id")] if has_identifier else []
    fields += [Field("score", is_figure=True)]
    fields += [Field("severity", is_figure=True)] if has_severity else []
    fields += [Field("p-value", is_figure=True)]
    fields += [Field("probability", is_figure=True)] if has_probability else []
    fields += [Field("why")] if has_reasons else []
    return fields, [
        [count(anomaly.row)]
        + ([named(anomaly.identifier)] if has_identifier else [])
        + [score_figure(anomaly.score)]
        + ([severity_figure(anomaly.severity)] if has_severity else [])
        + [score_figure(anomaly.p_value)]
        + ([score_figure(anomaly.probability)] if has_probability else [])
        + ([reasons_in_words(anomaly.reasons, most=REASONS_IN_A_ROW)] if has_reasons else [])
        for anomaly in anomalies
    ]


def _full_rows(anomalies: "Sequence[Anomaly]") -> tuple[list[Field], list[list[str]]]:
    """Return every column with every digit, for programs."""
    names = ("row", "score", "severity", "p_value", "probability", "confidence")
    fields = [Field("row", is_figure=True), Field("id"), *(Field(name, is_figure=True) for name in names[1:])]
    return [*fields, Field("reasons")], [
        [
            str(anomaly.row),
            "" if anomaly.identifier is None else named(anomaly.identifier, max_characters=1000),
            *("" if value is None else repr(value) for value in _figures(anomaly)),
            reasons_in_words(anomaly.reasons),
        ]
        for anomaly in anomalies
    ]


def _figures(anomaly: "Anomaly") -> tuple[float | None, ...]:
    return anomaly.score, anomaly.severity, anomaly.p_value, anomaly.probability, anomaly.confidence

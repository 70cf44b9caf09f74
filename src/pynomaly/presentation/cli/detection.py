"""`pynomaly detection`: look again at what was detected, hold it against labels, write it to a file."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pynomaly.application.written_cells import json_value
from pynomaly.presentation.cli import detection_lines, judging, options
from pynomaly.presentation.cli.command_group import new_group
from pynomaly.presentation.cli.session import Session, session_of
from pynomaly.presentation.cli.streams import write_result
from pynomaly.presentation.cli.views.curves_view import write_comparison, write_curves
from pynomaly.presentation.cli.views.findings_json import policy_as_json
from pynomaly.presentation.cli.views.formats import Field, Format
from pynomaly.presentation.cli.views.listing import time_as_json, time_in_words, write_list, write_object
from pynomaly.presentation.cli.views.report import report_of_detection
from pynomaly.presentation.cli.views.report_output import write_report
from pynomaly.presentation.words.cell_text import shown
from pynomaly.presentation.words.figures import count, score_figure
from pynomaly.presentation.words.findings_words import evaluation_in_words

if TYPE_CHECKING:
    from pynomaly.domain.algorithm import JsonValue
    from pynomaly.domain.detection import Detection
    from pynomaly.domain.detector import Detector

app = new_group(
    options.examples("Look again at what was detected.", "pynomaly detection list", "pynomaly detection show last")
)

app.add_typer(detection_lines.app)


@app.command(
    "list",
    help=options.examples(
        "List detections, newest first.", "pynomaly detection list", "pynomaly detection list --format csv"
    ),
)
def list_(
    context: typer.Context, form: options.FormatOption = Format.TABLE, as_json: options.JsonOption = False
) -> None:
    """List detections."""
    queries = session_of(context).workspace.queries
    names = {detector.id: detector.name for detector in queries.detectors()}
    detections = queries.detections()
    write_list(
        options.chosen(form, as_json),
        [_as_json(one, names.get(one.detector_id)) for one in detections],
        [Field("id"), Field("detected"), Field("detector"), Field("rows", True), Field("flagged", True), Field("data")],
        [
            [
                one.id[:8],
                time_in_words(one.created_at),
                shown(names.get(one.detector_id, "deleted")),
                count(one.n_rows),
                count(one.n_anomalies),
                shown(one.source, max_characters=200),
            ]
            for one in detections
        ],
        when_empty="There are no detections yet; make one: pynomaly detect --detector-name NAME --dataset-path DATA",
    )


@app.command(
    help=options.examples(
        "Show what a detection found, as it was stored.",
        "pynomaly detection show last",
        "pynomaly detection show last --json",
    )
)
def show(
    context: typer.Context,
    identifier: options.DetectionArgument = "last",
    top: options.TopOption = 10,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """Show a detection."""
    session = session_of(context)
    detection = session.workspace.queries.detection(identifier)
    report = report_of_detection(detection, _detector_of(session, detection))
    write_report(report, top, options.chosen(form, as_json), [])


@app.command(
    help=options.examples(
        "Look at one row in depth: why it got its score, normal rows nearest to it, anomalies like it, what would make "
        "it normal. The detection has to be of a stored dataset.",
        "pynomaly detect --detector-name Fraud --dataset orders",
        "pynomaly detection explain last",
        "pynomaly detection explain last 17 --json",
    )
)
def explain(
    context: typer.Context,
    identifier: options.DetectionArgument = "last",
    row: Annotated[
        int | None, typer.Argument(metavar="ROW", min=0, help="Which row, from 0; the strangest if none is given.")
    ] = None,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """Look at one row in depth."""
    from pynomaly.presentation.cli.views.inspection_view import inspection_as_text

    workspace = session_of(context).workspace
    detection = workspace.queries.detection(identifier)
    chosen = row if row is not None else detection.strangest[0].row if detection.strangest else 0
    inspection = workspace.inspect_row(detection=detection.id, row=chosen)
    write_result(inspection_as_text(inspection, options.chosen(form, as_json)))


@app.command(
    help=options.examples(
        "Hold a detection against a column of yes/no answers; nothing is scored again.",
        "pynomaly detection evaluate last --label is_fraud",
        "pynomaly detection evaluate last --label is_fraud --curves --data orders.csv",
    )
)
def evaluate(
    context: typer.Context,
    label: options.AnswersOption,
    identifier: options.DetectionArgument = "last",
    data: options.RowsNowOption = None,
    curves: Annotated[bool, typer.Option("--curves", help="At every threshold, not only the one decided by.")] = False,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """Hold a detection against labels."""
    workspace = session_of(context).workspace
    if curves:
        traced = workspace.trace_curves(detection=identifier, label=label, source=data)
        write_curves(traced[0], label, traced[1], options.chosen(form, as_json))
        return
    detection, evaluation = workspace.evaluate_detection(detection=identifier, label=label, source=data)
    if options.chosen(form, as_json) is Format.TABLE:
        write_result(evaluation_in_words(evaluation))
        return
    measures: dict[str, JsonValue] = {"detection": detection.id, "label": label, **asdict(evaluation)}
    facts = [
        (name, score_figure(value) if isinstance(value, float) else str(value)) for name, value in measures.items()
    ]
    write_object(options.chosen(form, as_json), measures, facts)


@app.command(
    help=options.examples(
        "Compare two detections of the same rows by known answers, and say what chance explains.",
        "pynomaly detection compare last last --label is_fraud",
        "pynomaly detection compare last last --label is_fraud --json",
    )
)
def compare(
    context: typer.Context,
    first: Annotated[str, typer.Argument(metavar="ID", help="A detection, as in the other commands.")],
    second: Annotated[str, typer.Argument(metavar="OTHER", help="Another detection of the same rows.")],
    label: options.AnswersOption,
    data: options.RowsNowOption = None,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """Compare two detections."""
    comparison = session_of(context).workspace.compare_detections(
        detection=first, other=second, label=label, source=data
    )
    write_comparison(comparison, options.chosen(form, as_json))


@app.command(
    help=options.examples(
        "Write a detection's full result, one line per row that was scored.",
        "pynomaly detection export last --output scores.parquet",
        "pynomaly detection export last --output scores.csv --dry-run",
    )
)
def export(
    context: typer.Context,
    output: Annotated[Path, typer.Option("--output", metavar="PATH", help="A .parquet, .csv, .jsonl or .arrow file.")],
    identifier: options.DetectionArgument = "last",
    dry_run: options.DryRunOption = False,
) -> None:
    """Write a detection to a file."""
    session = session_of(context)
    session.program.result_files.check(output)
    workspace = session.workspace
    detection = workspace.queries.detection(identifier)
    options.refuse_own_data(output, detection.source)
    if dry_run:
        write_result(f"Would write {count(detection.n_rows)} rows of detection {detection.id[:8]} to {output}.")
        return
    workspace.export_detection(detection=detection.id, path=output)
    write_result(f"Wrote {count(detection.n_rows)} rows of detection {detection.id[:8]} to {output}.")


app.command("judge", help=judging.JUDGE_HELP)(judging.judge)
app.command("verdicts", help=judging.VERDICTS_HELP)(judging.verdicts)


def _detector_of(session: Session, detection: "Detection") -> "Detector | None":
    """Return the detector if it is still there: detections outlive theirs."""
    detectors = session.workspace.queries.detectors()
    return next((detector for detector in detectors if detector.id == detection.detector_id), None)


def _as_json(detection: "Detection", detector_name: str | None) -> "dict[str, JsonValue]":
    return {
        "id": detection.id,
        "detector": detector_name,
        "version": detection.detector_version,
        "dataset": json_value(detection.source),
        "decision": dict(policy_as_json(detection.policy, detection.score_threshold)),
        "n_rows": detection.n_rows,
        "n_anomalies": detection.n_anomalies,
        "created_at": time_as_json(detection.created_at),
    }

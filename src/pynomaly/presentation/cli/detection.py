"""`pynomaly detection`: look again at what was detected, hold it against labels, write it to a file."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pynomaly.application.written_cells import json_value
from pynomaly.presentation.cli import options
from pynomaly.presentation.cli.command_group import new_group
from pynomaly.presentation.cli.session import Session, session_of
from pynomaly.presentation.cli.streams import write_result
from pynomaly.presentation.cli.views.findings_json import policy_as_json
from pynomaly.presentation.cli.views.formats import Field, Format
from pynomaly.presentation.cli.views.listing import time_as_json, time_in_words, write_list, write_object
from pynomaly.presentation.cli.views.report import report_of_detection
from pynomaly.presentation.cli.views.report_output import write_report
from pynomaly.presentation.cli.words.cell_text import shown
from pynomaly.presentation.cli.words.figures import count, score_figure
from pynomaly.presentation.cli.words.findings_words import evaluation_in_words

if TYPE_CHECKING:
    from pynomaly.domain.algorithm import JsonValue
    from pynomaly.domain.detection import Detection
    from pynomaly.domain.detector import Detector

app = new_group(
    options.examples("Look again at what was detected.", "pynomaly detection list", "pynomaly detection show last")
)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="8 or more characters of the id; `last` is the newest.")]


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
    identifier: IdArgument = "last",
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
        "Hold a detection against a column of yes/no answers; nothing is scored again.",
        "pynomaly detection evaluate last --label is_fraud",
        "pynomaly detection evaluate last --label is_fraud --data orders.csv",
    )
)
def evaluate(
    context: typer.Context,
    label: Annotated[str, typer.Option("--label", metavar="COL", help="Column of yes/no answers.")],
    identifier: IdArgument = "last",
    data: Annotated[str | None, typer.Option("--data", metavar="PATH", help="Where the rows lie now.")] = None,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """Hold a detection against labels."""
    detection, evaluation = session_of(context).workspace.evaluate_detection(
        detection=identifier, label=label, source=data
    )
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
        "Write a detection's full result, one line per row that was scored.",
        "pynomaly detection export last --output scores.parquet",
        "pynomaly detection export last --output scores.csv --dry-run",
    )
)
def export(
    context: typer.Context,
    output: Annotated[Path, typer.Option("--output", metavar="PATH", help="A .parquet, .csv, .jsonl or .arrow file.")],
    identifier: IdArgument = "last",
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

"""`pynomaly detector export` and `import`: a model folder out of one workspace and into another."""

from pathlib import Path
from typing import Annotated

import typer

from pynomaly.presentation.cli import options
from pynomaly.presentation.cli.session import session_of
from pynomaly.presentation.cli.streams import write_result
from pynomaly.presentation.cli.views.detector_view import NameArgument
from pynomaly.presentation.cli.words.cell_text import quoted

EXPORT_HELP = options.examples(
    "Write a detector's live model to a new folder: a JSON manifest and plain arrays, nothing that can run.",
    "pynomaly detector export Fraud fraud-model",
    "pynomaly detector export Fraud another-folder --dry-run",
)
IMPORT_HELP = options.examples(
    "Check a model folder completely, then keep it as a ready detector.",
    "pynomaly detector import fraud-model --name Fraud-2",
    "pynomaly detector import fraud-model --name Fraud-3 --dry-run",
)


def export(
    context: typer.Context,
    name: NameArgument,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="The folder to create.")],
    version: Annotated[int | None, typer.Option("--version", min=1, help="Another version than the live one.")] = None,
    dry_run: options.DryRunOption = False,
) -> None:
    """Write a detector's model to a folder."""
    session = session_of(context)
    if dry_run:
        detector, _ = session.workspace.queries.detector(name)
        number = detector.version(version).number
        options.refuse_taken(path.name, (path.name,) if path.exists() else (), "file or folder")
        write_result(f"Would write detector {quoted(detector.name)}, version {number}, to {path}.")
        return
    detector = session.workspace.export_detector(detector=name, path=path, version=version)
    number = detector.version(version).number
    write_result(f"Wrote detector {quoted(detector.name)}, version {number}, to {path}.")


def import_(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A folder that `detector export` wrote.")],
    name: Annotated[str | None, typer.Option("--name", help="Another name than the one in the folder.")] = None,
    dry_run: options.DryRunOption = False,
) -> None:
    """Take a model folder into the workspace."""
    session = session_of(context)
    if dry_run:
        manifest = session.program.model_files.read(path).manifest
        chosen = str(name or manifest.get("detector_name"))
        options.refuse_taken(chosen, (one.name for one in session.workspace.queries.detectors()), "detector")
        write_result(f"Would import {path} as detector {quoted(chosen)}.")
        return
    detector = session.workspace.import_detector(path=path, name=name)
    write_result(f"Imported {path} as detector {quoted(detector.name)}, ready to detect.")

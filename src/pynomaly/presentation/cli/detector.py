"""`pynomaly detector`: create, train, list, show and delete detectors."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from pynomaly.presentation.cli import judging, options
from pynomaly.presentation.cli.command_group import new_group
from pynomaly.presentation.cli.look import look_by_default
from pynomaly.presentation.cli.progress import ProgressForm, progress_shown
from pynomaly.presentation.cli.session import session_of
from pynomaly.presentation.cli.streams import tell, write_result
from pynomaly.presentation.cli.typed_choices import parameters_from
from pynomaly.presentation.cli.views.detector_view import (
    algorithm_as_json,
    algorithm_as_row,
    detector_as_facts,
    detector_as_json,
    detector_as_row,
)
from pynomaly.presentation.cli.views.formats import Field, Format
from pynomaly.presentation.cli.views.listing import write_list, write_object
from pynomaly.presentation.cli.views.report_output import next_commands, write_report
from pynomaly.presentation.words.cell_text import quoted
from pynomaly.presentation.words.figures import count

app = new_group(
    options.examples(
        "Create, train and keep detectors.",
        "pynomaly detector algorithms",
        "pynomaly detector create Fraud2 --algorithm isolation_forest",
    )
)

SHOWN = 10
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="A detector's name, or its id.")]


@app.command(
    help=options.examples(
        "List every algorithm; --json adds the parameters with type, range and default.",
        "pynomaly detector algorithms",
        "pynomaly detector algorithms --json",
    )
)
def algorithms(
    context: typer.Context, form: options.FormatOption = Format.TABLE, as_json: options.JsonOption = False
) -> None:
    """List algorithms."""
    catalog = session_of(context).program.catalog
    known = [(description, catalog.availability(description.name)) for description in catalog.descriptions()]
    write_list(
        options.chosen(form, as_json),
        [algorithm_as_json(*one) for one in known],
        [Field("name"), Field("family"), Field("needs"), Field("what it does")],
        [algorithm_as_row(*one) for one in known],
        when_empty="There are no algorithms.",
    )


@app.command(
    help=options.examples(
        "Create a detector: an algorithm and its parameters under a name. Train it next.",
        "pynomaly detector create Fraud2 --algorithm IsolationForest",
        "pynomaly detector create --name Fraud3 --algorithm isolation_forest --param n_trees=200",
    )
)
def create(
    context: typer.Context,
    algorithm: Annotated[str, typer.Option("--algorithm", help="See `pynomaly detector algorithms`.")],
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="What to call it.")] = None,
    name_option: Annotated[str | None, typer.Option("--name", help="The same as NAME.")] = None,
    param: options.ParamOption = None,
    dry_run: options.DryRunOption = False,
) -> None:
    """Create a detector."""
    from pynomaly.domain.errors import InvalidRequest

    if (name is None) == (name_option is None):
        raise InvalidRequest("give the detector one name: pynomaly detector create NAME --algorithm ALGORITHM")
    session, parameters, chosen = session_of(context), parameters_from(param), str(name or name_option)
    if dry_run:
        description = session.program.catalog.describe(algorithm)
        session.program.catalog.create(description.name, description.settings(parameters))
        options.refuse_taken(chosen, (one.name for one in session.workspace.queries.detectors()), "detector")
        write_result(f"Would create detector {quoted(chosen)}, {description.name}.")
        return
    detector = session.workspace.create_detector(name=chosen, algorithm=algorithm, parameters=parameters)
    write_result(f"Created detector {quoted(detector.name)}, {detector.algorithm}. It has learned nothing yet.")
    tell(f"Next: pynomaly detector train {options.word(detector.name)} DATASET")


@app.command(
    help=options.examples(
        "Train a detector on a dataset: a new version, live at once. A failed training leaves no model.",
        "pynomaly detector train Fraud orders",
        "pynomaly detector train Fraud orders --seed 7 --then-detect",
    )
)
def train(
    context: typer.Context,
    name: NameArgument,
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="A dataset's name, or its id.")],
    seed: options.SeedOption = 0,
    then_detect: Annotated[bool, typer.Option("--then-detect", help="Look at the same rows next.")] = False,
    progress: options.ProgressOption = ProgressForm.AUTO,
    dry_run: options.DryRunOption = False,
) -> None:
    """Train a detector."""
    session = session_of(context)
    if dry_run:
        detector, _ = session.workspace.queries.detector(name)
        rows = session.workspace.queries.dataset(dataset)
        write_result(
            f"Would train detector {quoted(detector.name)} on {count(rows.n_rows)} rows of {quoted(rows.name)}: "
            f"version {detector.next_version}."
        )
        return
    with progress_shown(progress) as listener:
        trained = session.workspace.train_detector(detector=name, dataset=dataset, seed=seed, progress=listener)
    version = trained.version()
    write_result(
        f"Trained detector {quoted(trained.name)} on {count(version.n_rows)} rows: version {version.number} is live."
    )
    if not then_detect:
        tell(f"Next: pynomaly detect --detector-name {options.word(trained.name)} --dataset-path DATA")
        return
    report = look_by_default(trained.id, dataset).take(session, None, progress)
    write_report(report, SHOWN, Format.TABLE, next_commands(report, None, None))


@app.command(
    "list",
    help=options.examples("List detectors, newest first.", "pynomaly detector list", "pynomaly detector list --json"),
)
def list_(
    context: typer.Context, form: options.FormatOption = Format.TABLE, as_json: options.JsonOption = False
) -> None:
    """List detectors."""
    detectors = session_of(context).workspace.queries.detectors()
    write_list(
        options.chosen(form, as_json),
        [detector_as_json(detector) for detector in detectors],
        [Field("name"), Field("algorithm"), Field("status"), Field("version", True), Field("trained")],
        [detector_as_row(detector) for detector in detectors],
        when_empty="There are no detectors yet; create one with: pynomaly detector create NAME --algorithm ALGORITHM",
    )


@app.command(
    help=options.examples(
        "Show a detector, its versions and its training runs.",
        "pynomaly detector show Fraud",
        "pynomaly detector show Fraud --json",
    )
)
def show(
    context: typer.Context,
    name: NameArgument,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """Show a detector."""
    detector, runs = session_of(context).workspace.queries.detector(name)
    write_object(options.chosen(form, as_json), detector_as_json(detector, runs), detector_as_facts(detector, runs))


@app.command(
    help=options.examples(
        "Delete a detector with all its versions. What it detected stays.",
        "pynomaly detector delete Fraud --dry-run",
        "pynomaly detector delete Fraud --yes",
    )
)
def delete(
    context: typer.Context, name: NameArgument, yes: options.YesOption = False, dry_run: options.DryRunOption = False
) -> None:
    """Delete a detector."""
    session = session_of(context)
    detector, _ = session.workspace.queries.detector(name)
    what = f"detector {quoted(detector.name)} and its {count(len(detector.versions))} version(s)"
    remove = partial(session.workspace.remove_detector, detector=detector.id)
    session.delete(what, remove, is_confirmed=yes, is_dry_run=dry_run)


@app.command(
    help=options.examples(
        "Write a detector's live model to a new folder: a JSON manifest and plain arrays, nothing that can run.",
        "pynomaly detector export Fraud fraud-model",
        "pynomaly detector export Fraud another-folder --dry-run",
    )
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


@app.command(
    "import",
    help=options.examples(
        "Check a model folder completely, then keep it as a ready detector.",
        "pynomaly detector import fraud-model --name Fraud-2",
        "pynomaly detector import fraud-model --name Fraud-3 --dry-run",
    ),
)
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


app.command("verdicts", help=judging.SUMMARY_HELP)(judging.verdicts_by_detector)

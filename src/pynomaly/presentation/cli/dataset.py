"""`pynomaly dataset`: tables kept under a name."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from pynomaly.domain.model_selection import AUTOMATIC
from pynomaly.presentation.cli import options
from pynomaly.presentation.cli.command_group import new_group
from pynomaly.presentation.cli.look import look_by_default
from pynomaly.presentation.cli.progress import ProgressForm, progress_shown
from pynomaly.presentation.cli.session import session_of
from pynomaly.presentation.cli.streams import tell, write_result
from pynomaly.presentation.cli.typed_choices import fields_from, kinds_from, parameters_from
from pynomaly.presentation.cli.views.dataset_view import (
    dataset_as_json,
    dataset_as_row,
    profile_as_json,
    profile_as_row,
    uses_as_json,
    uses_in_words,
    write_columns,
)
from pynomaly.presentation.cli.views.formats import Field, Format
from pynomaly.presentation.cli.views.formats import as_json as to_json
from pynomaly.presentation.cli.views.listing import write_list
from pynomaly.presentation.cli.views.quality_view import quality_as_json, quality_as_row, quality_as_text
from pynomaly.presentation.cli.views.report_output import next_commands, write_report
from pynomaly.presentation.words.cell_text import quoted, shown
from pynomaly.presentation.words.figures import count

app = new_group(
    options.examples(
        "Keep tables under a name.", "pynomaly dataset load orders.csv --name orders", "pynomaly dataset list"
    )
)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="A dataset's name, or its id.")]


@app.command(
    help=options.examples(
        "Read a file, keep its rows under a name and remember what its columns mean.",
        "pynomaly dataset load orders.csv --name orders",
        "pynomaly dataset load orders.csv --name march --label is_fraud --id order",
    )
)
def load(
    context: typer.Context,
    path: Annotated[str, typer.Argument(metavar="PATH", help="A file, or - for standard input.")],
    name: Annotated[str, typer.Option("--name", help="What to call it.")],
    label: options.LabelOption = None,
    identifier: options.IdOption = None,
    time: options.TimeOption = None,
    ignore: options.IgnoreOption = None,
    feature: options.FeatureOption = None,
    kind: options.KindOption = None,
    dry_run: options.DryRunOption = False,
) -> None:
    """Read a file and keep its rows."""
    from pynomaly.application.choices import roles_for

    roles = roles_for(identifier=identifier, time=time, ignore=ignore or (), features=feature or (), label=label)
    session, kinds = session_of(context), kinds_from(kind)
    if dry_run:
        options.refuse_taken(name, (dataset.name for dataset in session.workspace.queries.datasets()), "dataset")
        table = session.program.reader.read(path).describe(roles=roles, kinds=kinds)
        n_rows, columns, notes = table.n_rows, table.columns, table.notes
    else:
        source = path if path == "-" else str(Path(path).resolve())
        dataset, notes = session.workspace.register_dataset(
            source=path, name=name, source_name=source, roles=roles, kinds=kinds
        )
        n_rows, columns = dataset.n_rows, dataset.columns
    for note in notes:
        tell(f"note: {note}")
    done = "Would load" if dry_run else "Loaded"
    write_result(f"{done} {count(n_rows)} rows × {len(columns)} columns as dataset {quoted(name)}.")


@app.command(
    help=options.examples(
        "Read rows from a source and keep them under a name, with a fingerprint of their content.",
        "pynomaly dataset pull ledger --select table=entries --name entries",
        "pynomaly dataset pull ledger --select 'query=SELECT * FROM entries WHERE amount > 0' --name income --id entry",
    )
)
def pull(
    context: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="A source's name, or its id.")],
    select: options.SelectOption = None,
    name: Annotated[
        str | None, typer.Option("--name", help="What to call it; by default the source and the time.")
    ] = None,
    label: options.LabelOption = None,
    identifier: options.IdOption = None,
    time: options.TimeOption = None,
    ignore: options.IgnoreOption = None,
    feature: options.FeatureOption = None,
    kind: options.KindOption = None,
    progress: options.ProgressOption = ProgressForm.AUTO,
) -> None:
    """Read rows from a source and keep them."""
    from pynomaly.application.choices import roles_for

    roles = roles_for(identifier=identifier, time=time, ignore=ignore or (), features=feature or (), label=label)
    session = session_of(context)
    opened = session.workspace.open_source(source=source)
    selection = fields_from(select, session.program.sources.kind(opened.kind).selection, "--select")
    with progress_shown(progress) as listener:
        dataset, notes = session.workspace.pull_dataset(
            source=opened, selection=selection, name=name, roles=roles, kinds=kinds_from(kind), progress=listener
        )
    for note in notes:
        tell(f"note: {note}")
    size = f"{count(dataset.n_rows)} rows × {len(dataset.columns)} columns"
    write_result(f"Pulled {size} as dataset {quoted(dataset.name)}.")


@app.command(
    "list",
    help=options.examples("List datasets, newest first.", "pynomaly dataset list", "pynomaly dataset list --json"),
)
def list_(
    context: typer.Context, form: options.FormatOption = Format.TABLE, as_json: options.JsonOption = False
) -> None:
    """List datasets."""
    datasets = session_of(context).workspace.queries.datasets()
    write_list(
        options.chosen(form, as_json),
        [dataset_as_json(dataset) for dataset in datasets],
        [Field("name"), Field("rows", True), Field("columns", True), Field("label"), Field("loaded"), Field("source")],
        [dataset_as_row(dataset) for dataset in datasets],
        when_empty="There are no datasets yet; load one with: pynomaly dataset load PATH --name NAME",
    )


@app.command(
    help=options.examples(
        "Show a dataset's columns, what each is used for, and what came of it.",
        "pynomaly dataset show orders",
        "pynomaly dataset show orders --format markdown",
    )
)
def show(
    context: typer.Context,
    name: NameArgument,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """Show a dataset."""
    queries = session_of(context).workspace.queries
    dataset, uses = queries.dataset(name), queries.dataset_uses(name)
    if options.chosen(form, as_json) is Format.JSON:
        write_result(to_json(dataset_as_json(dataset) | {"used_by": uses_as_json(uses)}))
        return
    if form is Format.TABLE:
        source = shown(dataset.source, max_characters=200)
        write_result(
            f"{quoted(dataset.name)} holds {count(dataset.n_rows)} rows from {source}.\n{uses_in_words(uses)}\n\n"
        )
    write_columns(dataset.columns, form)


@app.command(
    help=options.examples(
        "Show what each column holds: missing cells, distinct values, what is usual, how its values are spread; and "
        "what that does to detection.",
        "pynomaly dataset profile orders",
        "pynomaly dataset profile orders --json",
    )
)
def profile(
    context: typer.Context,
    name: NameArgument,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """Profile a dataset."""
    from pynomaly.application.quality import quality_of

    table, profiles = session_of(context).workspace.queries.profile(name)
    chosen = options.chosen(form, as_json)
    write_list(
        chosen,
        [profile_as_json(one) for one in profiles],
        [
            Field("column"),
            Field("kind"),
            Field("role"),
            Field("missing", True),
            Field("distinct", True),
            Field("usually"),
            Field("shape"),
            Field("note"),
        ],
        [profile_as_row(one) for one in profiles],
        when_empty="This dataset has no columns.",
    )
    if chosen is Format.TABLE and (findings := quality_of(table, profiles)):
        write_result("\n" + quality_as_text(findings))


@app.command(
    help=options.examples(
        "Show what to know about a dataset before looking for anomalies in it, and what it does to detection.",
        "pynomaly dataset quality orders",
        "pynomaly dataset quality orders --json",
    )
)
def quality(
    context: typer.Context,
    name: NameArgument,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """Show what to know about a dataset."""
    findings = session_of(context).workspace.queries.quality(name)
    chosen = options.chosen(form, as_json)
    if chosen is Format.TABLE:
        write_result(quality_as_text(findings) or "Nothing is to be said about this dataset.")
        return
    write_list(
        chosen,
        [quality_as_json(finding) for finding in findings],
        [Field("severity"), Field("column"), Field("finding"), Field("effect"), Field("advice")],
        [quality_as_row(finding) for finding in findings],
        when_empty="",
    )


@app.command(
    help=options.examples(
        "Make a detector for a dataset, train it and find the dataset's anomalies with it, in one go. Detector and "
        "detection are kept.",
        "pynomaly dataset look orders",
        "pynomaly dataset look orders --detector Forest --algorithm isolation_forest --top 3",
    )
)
def look(
    context: typer.Context,
    name: NameArgument,
    detector: Annotated[
        str | None, typer.Option("--detector", help="What to call the detector; by default as the dataset.")
    ] = None,
    algorithm: Annotated[str, typer.Option("--algorithm", help="See `pynomaly detector algorithms`.")] = AUTOMATIC,
    param: options.ParamOption = None,
    top: options.TopOption = 10,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
    progress: options.ProgressOption = ProgressForm.AUTO,
    dry_run: options.DryRunOption = False,
) -> None:
    """Look at a dataset with a detector of its own."""
    from pynomaly.application.drafting import free_name, recipe_for

    workspace = session_of(context).workspace
    rows, names = workspace.queries.dataset(name), [one.name for one in workspace.queries.detectors()]
    recipe = recipe_for(rows, algorithm, parameters_from(param))
    chosen = free_name(rows.name, names) if detector is None else detector
    if dry_run:
        options.refuse_taken(chosen, names, "detector")
        plan = f"detector {quoted(chosen)}, {recipe.algorithm}, on {count(rows.n_rows)} rows of {quoted(rows.name)}"
        write_result(f"Would train {plan}, and look at them with it.")
        return
    made = workspace.create_detector(name=chosen, algorithm=recipe.algorithm, parameters=recipe.parameters)
    with progress_shown(progress) as listener:
        trained = workspace.train_detector(detector=made.id, dataset=rows.id, progress=listener)
    tell(f"Trained detector {quoted(trained.name)} on {count(rows.n_rows)} rows of {quoted(rows.name)}.")
    report = look_by_default(trained.id, rows.id).take(session_of(context), None, progress)
    write_report(report, top, options.chosen(form, as_json), next_commands(report, None, None))


@app.command(
    help=options.examples(
        "Delete a dataset and its rows. Detectors trained on it stay.",
        "pynomaly dataset delete orders --dry-run",
        "pynomaly dataset delete orders --yes",
    )
)
def delete(
    context: typer.Context, name: NameArgument, yes: options.YesOption = False, dry_run: options.DryRunOption = False
) -> None:
    """Delete a dataset."""
    session = session_of(context)
    dataset = session.workspace.queries.dataset(name)
    what = f"dataset {quoted(dataset.name)} ({count(dataset.n_rows)} rows)"
    remove = partial(session.workspace.remove_dataset, dataset=dataset.id)
    session.delete(what, remove, is_confirmed=yes, is_dry_run=dry_run)

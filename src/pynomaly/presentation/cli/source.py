"""`pynomaly source`: places outside that rows are read from."""

from functools import partial
from typing import Annotated

import typer

from pynomaly.presentation.cli import options
from pynomaly.presentation.cli.command_group import new_group
from pynomaly.presentation.cli.connection_options import (
    SecretFileOption,
    SecretFromOption,
    SecretOption,
    SetOption,
    UnsetOption,
    typed,
)
from pynomaly.presentation.cli.session import session_of
from pynomaly.presentation.cli.streams import tell, write_result
from pynomaly.presentation.cli.views.connection_view import KIND_HEADINGS, connection_as_json, kind_as_rows
from pynomaly.presentation.cli.views.formats import Field, Format
from pynomaly.presentation.cli.views.listing import write_list, write_object
from pynomaly.presentation.cli.views.source_view import (
    source_as_facts,
    source_as_row,
    source_kind_as_json,
)
from pynomaly.presentation.words.cell_text import quoted

app = new_group(
    options.examples(
        "Read rows where they lie: databases and object stores.", "pynomaly source kinds", "pynomaly source list"
    )
)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="A source's name, or its id.")]


@app.command(
    help=options.examples(
        "List the kinds of sources, what each takes and what of it can be selected.",
        "pynomaly source kinds",
        "pynomaly source kinds --json",
    )
)
def kinds(
    context: typer.Context, form: options.FormatOption = Format.TABLE, as_json: options.JsonOption = False
) -> None:
    """List kinds."""
    known = session_of(context).program.sources.kinds()
    write_list(
        options.chosen(form, as_json),
        [source_kind_as_json(kind) for kind in known],
        [Field(heading) for heading in KIND_HEADINGS],
        [row for kind in known for row in kind_as_rows(kind.connection, kind.selection)],
        when_empty="There are no kinds of sources.",
    )


@app.command(
    help=options.examples(
        "Name a place to read rows from. Secrets are asked for, or taken from the environment or a file, and sealed.",
        "pynomaly source create shop --kind postgresql --set host=db.example.org --set database=shop --set user=reader "
        "--secret-from password=SHOP_PASSWORD",
        "pynomaly source create ledger --kind sqlite --set path=ledger.db",
    )
)
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    kind: Annotated[str, typer.Option("--kind", help="See `pynomaly source kinds`.")],
    settings: SetOption = None,
    secrets: SecretOption = None,
    secrets_from: SecretFromOption = None,
    secret_files: SecretFileOption = None,
) -> None:
    """Create a source."""
    session = session_of(context)
    held = typed(
        session,
        session.program.sources.kind(kind).connection,
        settings=settings,
        secrets=secrets,
        secrets_from=secrets_from,
        secret_files=secret_files,
    )
    made = session.workspace.create_source(name=name, kind=kind, settings=held.settings, secrets=held.secrets)
    write_result(f"Created source {quoted(made.name)}.")
    tell(f"Next: pynomaly source test {options.word(made.name)}")


@app.command(
    "list",
    help=options.examples("List sources, newest first.", "pynomaly source list", "pynomaly source list --json"),
)
def list_(
    context: typer.Context, form: options.FormatOption = Format.TABLE, as_json: options.JsonOption = False
) -> None:
    """List sources."""
    sources = session_of(context).workspace.queries.sources()
    write_list(
        options.chosen(form, as_json),
        [connection_as_json(source) for source in sources],
        [Field("name"), Field("kind"), Field("made"), Field("fields")],
        [source_as_row(source) for source in sources],
        when_empty="There are no sources yet; make one: pynomaly source create NAME --kind KIND",
    )


@app.command(
    help=options.examples(
        "Show a source, but for its secrets.", "pynomaly source show shop", "pynomaly source show shop --json"
    )
)
def show(
    context: typer.Context,
    name: NameArgument,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """Show a source."""
    source = session_of(context).workspace.queries.source(name)
    write_object(options.chosen(form, as_json), connection_as_json(source), source_as_facts(source))


@app.command(
    help=options.examples(
        "Change a source: what is left out stays, secrets too, unless it is to lead elsewhere: then they are given "
        "anew.",
        "pynomaly source change shop --secret-from password=SHOP_PASSWORD",
        "pynomaly source change shop --name shop",
    )
)
def change(
    context: typer.Context,
    name: NameArgument,
    new_name: Annotated[str | None, typer.Option("--name", help="Another name.")] = None,
    settings: SetOption = None,
    unset: UnsetOption = None,
    secrets: SecretOption = None,
    secrets_from: SecretFromOption = None,
    secret_files: SecretFileOption = None,
) -> None:
    """Change a source."""
    session = session_of(context)
    found = session.workspace.queries.source(name)
    held = typed(
        session,
        session.program.sources.kind(found.kind).connection,
        settings=settings,
        unset=unset,
        secrets=secrets,
        secrets_from=secrets_from,
        secret_files=secret_files,
    )
    changed = session.workspace.change_source(
        source=found.id, name=new_name, settings=held.settings, secrets=held.secrets
    )
    write_result(f"Changed source {quoted(changed.name)}.")


@app.command(
    help=options.examples(
        "Delete a source and its secrets. Datasets read from it stay.",
        "pynomaly source remove shop --dry-run",
        "pynomaly source remove shop --yes",
    )
)
def remove(
    context: typer.Context, name: NameArgument, yes: options.YesOption = False, dry_run: options.DryRunOption = False
) -> None:
    """Remove a source."""
    session = session_of(context)
    source = session.workspace.queries.source(name)
    act = partial(session.workspace.remove_source, source=source.id)
    session.delete(f"source {quoted(source.name)}", act, is_confirmed=yes, is_dry_run=dry_run)


@app.command(
    "test",
    help=options.examples(
        "Connect as a source says and tell what is there, or exactly why not.",
        "pynomaly source test shop",
        "pynomaly --debug source test shop",
    ),
)
def reach(context: typer.Context, name: NameArgument) -> None:
    """Reach a source."""
    write_result(session_of(context).workspace.check_source(source=name))

"""`pynomaly channel`: ways to tell somebody outside."""

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
from pynomaly.presentation.cli.views.channel_view import channel_as_facts, channel_as_json, channel_as_row
from pynomaly.presentation.cli.views.connection_view import KIND_HEADINGS, kind_as_json, kind_as_rows
from pynomaly.presentation.cli.views.formats import Field, Format
from pynomaly.presentation.cli.views.listing import write_list, write_object
from pynomaly.presentation.words.cell_text import quoted

MOST = 500

app = new_group(
    options.examples(
        "Keep ways to tell somebody outside.",
        "pynomaly channel kinds",
        "pynomaly channel list",
    )
)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="A channel's name, or its id.")]


@app.command(
    help=options.examples(
        "List the kinds of channels and the fields each wants filled.",
        "pynomaly channel kinds",
        "pynomaly channel kinds --json",
    )
)
def kinds(
    context: typer.Context, form: options.FormatOption = Format.TABLE, as_json: options.JsonOption = False
) -> None:
    """List kinds of channels."""
    known = session_of(context).workspace.queries.channel_kinds()
    write_list(
        options.chosen(form, as_json),
        [kind_as_json(kind) for kind in known],
        [Field(heading) for heading in KIND_HEADINGS],
        [row for kind in known for row in kind_as_rows(kind)],
        when_empty="There are no kinds of channels in this installation.",
    )


@app.command(
    help=options.examples(
        "Keep a channel; nothing is sent yet. Secrets come from a prompt, the environment or a file, and are sealed.",
        "pynomaly channel create duty --kind webhook --secret-from url=HOOK_URL --secret-from secret=HOOK_SECRET",
        "pynomaly channel create on-call --kind slack --secret url",
    )
)
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    kind: Annotated[str, typer.Option("--kind", help="See `pynomaly channel kinds`.")],
    settings: SetOption = None,
    secrets: SecretOption = None,
    secrets_from: SecretFromOption = None,
    secret_files: SecretFileOption = None,
) -> None:
    """Keep a channel."""
    session = session_of(context)
    described = session.workspace.queries.channel_kind(kind)
    held = typed(
        session,
        described,
        settings=settings,
        secrets=secrets,
        secrets_from=secrets_from,
        secret_files=secret_files,
    )
    made = session.workspace.create_channel(name=name, kind=kind, settings=held.settings, secrets=held.secrets)
    write_result(f"Created channel {quoted(made.name)}.")
    tell(f"Next: pynomaly channel test {options.word(made.name)}")


@app.command(
    "list",
    help=options.examples("List channels, newest first.", "pynomaly channel list", "pynomaly channel list --json"),
)
def list_(
    context: typer.Context, form: options.FormatOption = Format.TABLE, as_json: options.JsonOption = False
) -> None:
    """List channels."""
    from pynomaly.application.ports.paging import Piece

    channels = session_of(context).workspace.queries.channel_page(Piece(MOST)).items
    write_list(
        options.chosen(form, as_json),
        [channel_as_json(channel) for channel in channels],
        [Field("name"), Field("kind"), Field("enabled"), Field("made"), Field("fields")],
        [channel_as_row(channel) for channel in channels],
        when_empty="There are no channels yet; make one with: pynomaly channel create NAME --kind KIND",
    )


@app.command(
    help=options.examples(
        "Show a channel; of its secrets only which there are.",
        "pynomaly channel show duty",
        "pynomaly channel show duty --json",
    )
)
def show(
    context: typer.Context,
    name: NameArgument,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """Show a channel."""
    channel = session_of(context).workspace.queries.channel(name)
    write_object(options.chosen(form, as_json), channel_as_json(channel), channel_as_facts(channel))


@app.command(
    help=options.examples(
        "Change a channel: what is left out stays, secrets too, unless it is to lead elsewhere: then they are given "
        "anew. While it is disabled, messages for it are not made, and those that wait go on waiting.",
        "pynomaly channel change duty --disable",
        "pynomaly channel change duty --enable --secret-from url=HOOK_URL --secret-from secret=HOOK_SECRET",
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
    is_enabled: Annotated[bool | None, typer.Option("--enable/--disable", help="Wake it, or let it rest.")] = None,
) -> None:
    """Change a channel."""
    session = session_of(context)
    kind = session.workspace.queries.channel_kind(session.workspace.queries.channel(name).kind)
    held = typed(
        session,
        kind,
        settings=settings,
        unset=unset,
        secrets=secrets,
        secrets_from=secrets_from,
        secret_files=secret_files,
    )
    changed = session.workspace.change_channel(
        channel=name, name=new_name, settings=held.settings, secrets=held.secrets, is_enabled=is_enabled
    )
    write_result(f"Changed channel {quoted(changed.name)}.")


@app.command(
    help=options.examples(
        "Delete a channel with its secrets and its deliveries.",
        "pynomaly channel remove duty --yes",
        "pynomaly channel remove duty --dry-run",
    )
)
def remove(
    context: typer.Context,
    name: NameArgument,
    is_confirmed: options.YesOption = False,
    is_dry_run: options.DryRunOption = False,
) -> None:
    """Delete a channel."""
    session = session_of(context)
    found = session.workspace.queries.channel(name)
    session.delete(
        f"channel {quoted(found.name)} with its deliveries",
        lambda: session.workspace.remove_channel(channel=found.id),
        is_confirmed=is_confirmed,
        is_dry_run=is_dry_run,
    )


@app.command(
    help=options.examples(
        "Send a test message now; what stands in the way is told exactly.",
        "pynomaly channel test duty",
        "pynomaly channel test c0ffee01",
    )
)
def test(context: typer.Context, name: NameArgument) -> None:
    """Try a channel."""
    tried = session_of(context).workspace.test_channel(channel=name)
    write_result(f"A test message has arrived through channel {quoted(tried.name)}.")

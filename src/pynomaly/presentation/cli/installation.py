"""The commands of `pynomaly admin` about the installation as a whole: backups, and the tables of its database."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pynomaly.presentation.cli import options
from pynomaly.presentation.cli.exit_codes import PRECONDITION_FAILED
from pynomaly.presentation.cli.session import session_of
from pynomaly.presentation.cli.streams import tell, write_result
from pynomaly.presentation.words.cell_text import quoted
from pynomaly.presentation.words.figures import count, short_figure

if TYPE_CHECKING:
    from pynomaly.application.ports.backups import Backup

KEYS_ARE_ELSEWHERE = (
    "The keys are not in it. Keep those in another place: master.key and secret.key of PYNOMALY_HOME, or "
    "PYNOMALY_MASTER_KEYS and PYNOMALY_SECRET_KEY. Without the master key no stored secret can be opened."
)
KEYS_ARE_IN_IT = "The keys are in it ({}): whoever has this folder can open every stored secret. Guard it."

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(
    "backup",
    help=options.examples(
        "Copy the whole installation into a new folder: the database as it stands at one moment, and the files it "
        "refers to. Servers and workers go on meanwhile. Stored secrets stay sealed.",
        "pynomaly admin backup monday",
        "pynomaly admin backup with-keys --include-keys",
    ),
)
def backup(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER")],
    include_keys: Annotated[
        bool, typer.Option("--include-keys", help="Copy the keys that lie in PYNOMALY_HOME, too.")
    ] = False,
) -> None:
    """Make a backup."""
    made = session_of(context).program.backups().make(path=folder, with_keys=include_keys)
    write_result(f"Backed up {_amount(made)} to {quoted(str(folder))}.\nIts manifest has the SHA-256 {made.digest}")
    tell(KEYS_ARE_IN_IT.format(", ".join(made.keys)) if made.keys else KEYS_ARE_ELSEWHERE)
    _tell_what_is_wrong(made)


@app.command(
    "restore",
    help=options.examples(
        "Make an empty installation what another one was: PYNOMALY_HOME and the database may hold nothing yet. "
        "The backup is verified first; the database of either kind is filled in one transaction.",
        "pynomaly admin restore monday",
        "pynomaly admin restore monday --expect SHA256",
    ),
)
def restore(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER")],
    expect: Annotated[
        str | None, typer.Option("--expect", metavar="SHA256", help="The manifest's digest, as written down before.")
    ] = None,
) -> None:
    """Restore a backup."""
    restored = session_of(context).program.backups().restore(path=folder, expected_digest=expect)
    write_result(f"Restored {_amount(restored)} from {quoted(str(folder))}.")
    for tenant_id, verdict in restored.contents.logs.items():
        if verdict.is_intact:
            head = verdict.head
            write_result(f"The audit log of workspace {tenant_id} is intact. It ends at {head.sequence}:{head.hash}")
    if not restored.keys:
        tell("The keys were not in it: put master.key back into PYNOMALY_HOME, or set PYNOMALY_MASTER_KEYS.")
    _tell_what_is_wrong(restored)


@app.command(
    "upgrade-database",
    help=options.examples(
        "Bring the tables of the database up to date now. Opening an installation does so, too; this does it before "
        "the first server starts. Several at once take turns.",
        "pynomaly admin upgrade-database",
        "pynomaly --debug admin upgrade-database",
    ),
)
def upgrade_database(context: typer.Context) -> None:
    """Bring the database up to date."""
    before, now = session_of(context).program.upgrade_database()
    if before == now:
        write_result(f"The database is up to date (schema {now}).")
    else:
        write_result(f"Upgraded the database from {f'schema {before}' if before else 'nothing'} to schema {now}.")


def _amount(of: "Backup") -> str:
    megabytes = short_figure(of.n_bytes / 1e6)
    return f"{count(sum(of.rows.values()))} rows of the database and {count(of.n_files)} files ({megabytes} MB)"


def _tell_what_is_wrong(with_it: "Backup") -> None:
    """Tell what was lost or tampered with before the backup was made, and end accordingly."""
    contents = with_it.contents
    for name in contents.missing:
        tell(f"note: {name} was missing when the backup was made; what refers to it cannot be used")
    tampered = {tenant_id: verdict for tenant_id, verdict in contents.logs.items() if not verdict.is_intact}
    for tenant_id, verdict in tampered.items():
        tell(f"error: the audit log of workspace {tenant_id} was tampered with: {verdict.problem}")
    if tampered:
        raise typer.Exit(PRECONDITION_FAILED)

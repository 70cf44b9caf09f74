"""`pynomaly admin`: workspaces, people, audit log, backups, from the machine itself. There is no default account."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pynomaly.presentation.cli import installation, options
from pynomaly.presentation.cli.command_group import new_group
from pynomaly.presentation.cli.exit_codes import PRECONDITION_FAILED
from pynomaly.presentation.cli.session import Session, session_of
from pynomaly.presentation.cli.streams import tell, write_result
from pynomaly.presentation.cli.views.formats import Field, Format
from pynomaly.presentation.cli.views.listing import time_as_json, time_in_words, write_list
from pynomaly.presentation.words.cell_text import quoted, shown

if TYPE_CHECKING:
    from pynomaly.application.ports.asking import Asked
    from pynomaly.domain.access import Role
    from pynomaly.domain.user import User

app = new_group(
    options.examples(
        "Workspaces, people and the audit log, from the machine itself.",
        "pynomaly admin create-user ada@example.org --role admin",
        "pynomaly admin verify-audit",
    )
)

app.add_typer(installation.app)

WorkspaceOption = Annotated[str, typer.Option("--workspace", help="A workspace's name, or its id.")]
PasswordOption = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input instead of asking for it.")
]


@app.command(
    "create-workspace",
    help=options.examples(
        "Make a workspace: its members see nothing of any other.",
        "pynomaly admin create-workspace risk",
        "pynomaly admin create-workspace 'card fraud'",
    ),
)
def create_workspace(context: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Make a workspace."""
    tenant = session_of(context).program.people().create_tenant(name=name)
    write_result(f"Created workspace {quoted(tenant.name)}.")
    tell(f"Next: pynomaly admin create-user EMAIL --role admin --workspace {options.word(tenant.name)}")


@app.command(
    "workspaces",
    help=options.examples("List workspaces.", "pynomaly admin workspaces", "pynomaly admin workspaces --json"),
)
def workspaces(
    context: typer.Context, form: options.FormatOption = Format.TABLE, as_json: options.JsonOption = False
) -> None:
    """List workspaces."""
    tenants = session_of(context).program.tenants()
    write_list(
        options.chosen(form, as_json),
        [{"id": one.id, "name": one.name, "created_at": time_as_json(one.created_at)} for one in tenants],
        [Field("name"), Field("id"), Field("created")],
        [[shown(one.name), one.id, time_in_words(one.created_at)] for one in tenants],
        when_empty="There are no workspaces.",
    )


@app.command(
    "create-user",
    help=options.examples(
        "Let somebody sign in to a workspace. The password is asked for, or read from standard input.",
        "pynomaly admin create-user ada@example.org --role admin",
        "pynomaly admin create-user bo@example.org --role viewer --workspace risk --password-stdin",
    ),
)
def create_user(
    context: typer.Context,
    email: Annotated[str, typer.Argument(metavar="EMAIL")],
    role: Annotated[str, typer.Option("--role", help="viewer, analyst, engineer or admin.")] = "viewer",
    name: Annotated[str | None, typer.Option("--name", help="What people call them; by default the address.")] = None,
    workspace: WorkspaceOption = "local",
    password_stdin: PasswordOption = False,
) -> None:
    """Let somebody sign in."""
    session = session_of(context)
    chosen = _role(role)
    membership = session.program.people().membership(_by_admin(session, workspace))
    user = membership.create_user(
        email=email, name=name or email, role=chosen, password=_password(session, from_stdin=password_stdin)
    )
    write_result(f"Created user {quoted(user.email)}, {user.role}.")


@app.command(
    "users",
    help=options.examples(
        "List the users of a workspace.", "pynomaly admin users", "pynomaly admin users --workspace risk --json"
    ),
)
def users(
    context: typer.Context,
    workspace: WorkspaceOption = "local",
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """List users."""
    session = session_of(context)
    members = session.program.open_workspace(_by_admin(session, workspace)).queries.users()
    write_list(
        options.chosen(form, as_json),
        [
            {"id": one.id, "email": one.email, "name": one.name, "role": one.role.value, "is_active": one.is_active}
            for one in members
        ],
        [Field("email"), Field("name"), Field("role"), Field("active")],
        [[shown(one.email), shown(one.name), one.role.value, "yes" if one.is_active else "no"] for one in members],
        when_empty="There are no users yet; make one: pynomaly admin create-user EMAIL --role admin",
    )


@app.command(
    "set-password",
    help=options.examples(
        "Set a user's password anew; every session of theirs ends.",
        "pynomaly admin set-password ada@example.org",
        "pynomaly admin set-password ada@example.org --password-stdin",
    ),
)
def set_password(
    context: typer.Context,
    email: Annotated[str, typer.Argument(metavar="EMAIL")],
    workspace: WorkspaceOption = "local",
    password_stdin: PasswordOption = False,
) -> None:
    """Set a password."""
    session = session_of(context)
    asked = _by_admin(session, workspace)
    user = _user(session, asked, email)
    password = _password(session, from_stdin=password_stdin)
    session.program.people().membership(asked).change_password(user=user.id, new_password=password)
    write_result(f"Set the password of {quoted(user.email)}; every session of theirs has ended.")


@app.command(
    "verify-audit",
    help=options.examples(
        "Walk the audit log from its first entry and see that nothing was altered, dropped or moved. Exits 6 if "
        "something was. An end that was written down elsewhere, as SEQUENCE:HASH, shows whether the log was cut short.",
        "pynomaly admin verify-audit",
        "pynomaly admin verify-audit --workspace risk",
    ),
)
def verify_audit(
    context: typer.Context,
    workspace: WorkspaceOption = "local",
    expect: Annotated[
        str | None, typer.Option("--expect", metavar="SEQUENCE:HASH", help="An end known before.")
    ] = None,
) -> None:
    """Verify the audit log."""
    from pynomaly.domain.audit import ChainHead
    from pynomaly.domain.errors import InvalidRequest

    session = session_of(context)
    sequence, _, digest = (expect or "").partition(":")
    if expect is not None and not (sequence.isdecimal() and len(digest) == 64):
        raise InvalidRequest("--expect takes what this command printed before, like 12:9f86d0…")
    expected = None if expect is None else ChainHead(int(sequence), digest)
    verdict = session.program.open_workspace(_by_admin(session, workspace)).verify_audit(expected=expected)
    if not verdict.is_intact:
        tell(f"error: the audit log was tampered with: {verdict.problem}")
        raise typer.Exit(PRECONDITION_FAILED)
    write_result(f"The audit log is intact. It ends at {verdict.head.sequence}:{verdict.head.hash}")


@app.command(
    "new-master-key",
    help=options.examples(
        "Print a new key for PYNOMALY_MASTER_KEYS. Append it to the list on every server and worker, then move it to "
        "the front; run rotate-keys, and take the old one away.",
        "pynomaly admin new-master-key",
        "pynomaly admin new-master-key --before OLD",
    ),
)
def new_master_key(
    context: typer.Context,
    before: Annotated[
        str | None, typer.Option("--before", metavar="OLD", help="What was set until now; prints the two as one list.")
    ] = None,
) -> None:
    """Print a new master key."""
    key = session_of(context).program.new_master_key()
    write_result(key if before is None else f"{key},{before}")


@app.command(
    "rotate-keys",
    help=options.examples(
        "Seal stored secrets with new keys, and those with the first of PYNOMALY_MASTER_KEYS. Servers and workers go "
        "on meanwhile.",
        "pynomaly admin rotate-keys",
        "pynomaly admin rotate-keys --workspace local",
    ),
)
def rotate_keys(
    context: typer.Context,
    workspace: Annotated[str | None, typer.Option("--workspace", help="Only those of this one, by name or id.")] = None,
) -> None:
    """Change the keys that secrets are sealed with."""
    session = session_of(context)
    chosen = [workspace] if workspace is not None else [tenant.name for tenant in session.program.tenants()]
    for name in chosen:
        n_resealed = session.program.open_workspace(_by_admin(session, name)).rotate_keys()
        write_result(f"Workspace {quoted(name)}: {n_resealed} secrets sealed anew.")


def _by_admin(session: Session, workspace: str) -> "Asked":
    from pynomaly.application.ports.asking import Asked
    from pynomaly.domain.errors import NotFound

    for tenant in session.program.tenants():
        if workspace in (tenant.name, tenant.id):
            return Asked(tenant.id, "local")
    raise NotFound(f"there is no workspace '{workspace}'; `pynomaly admin workspaces` shows them all")


def _user(session: Session, asked: "Asked", email: str) -> "User":
    from pynomaly.domain.errors import NotFound
    from pynomaly.domain.user import email_address

    address = email_address(email)
    for user in session.program.open_workspace(asked).queries.users():
        if user.email == address:
            return user
    raise NotFound(f"there is no user '{email}' in this workspace; `pynomaly admin users` shows them all")


def _role(text: str) -> "Role":
    from pynomaly.domain.access import Role
    from pynomaly.domain.errors import InvalidRequest, did_you_mean

    roles = [role.value for role in Role]
    if text not in roles:
        raise InvalidRequest(f"there is no role '{text}'{did_you_mean(text, roles)} (there are: {', '.join(roles)})")
    return Role(text)


def _password(session: Session, *, from_stdin: bool) -> str:
    from pynomaly.domain.errors import InvalidRequest

    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not (session.may_ask and sys.stdin.isatty()):
        raise InvalidRequest("nobody is there to type a password; pipe it in with --password-stdin")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))

import json
from datetime import UTC

import pytest

from pynomaly.application.ports.asking import Asked as AskedBy
from pynomaly.domain.access import Role
from pynomaly.domain.audit import ChainHead, ChainVerdict
from pynomaly.domain.errors import AlreadyExists, Conflict, ExtraNotInstalled, InvalidRequest
from tests.fakes.programs import NOON, Asked, user

PASSWORD = "correct horse battery"
RISK = AskedBy("r" * 32, "local")


def test_a_workspace_is_made_and_what_comes_next_is_said(run, program):
    result = run("admin", "create-workspace", "card fraud")
    assert result.stdout == "Created workspace 'card fraud'.\n"
    assert "pynomaly admin create-user EMAIL --role admin --workspace 'card fraud'" in result.stderr
    assert program.all_people.create_tenant.calls == [{"name": "card fraud"}]


def test_workspaces_are_listed(run):
    lines = run("admin", "workspaces").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["name", "local", "risk"]
    assert json.loads(run("admin", "workspaces", "--json").stdout)[0] == {
        "id": "local",
        "name": "local",
        "created_at": NOON.astimezone(UTC).isoformat(),
    }


@pytest.mark.parametrize("ending", ["\n", "\r\n", "", "\nanother line\n"], ids=repr)
def test_the_password_of_a_new_user_is_the_first_line_of_standard_input(run, program, ending):
    command = (
        "admin",
        "create-user",
        "bo@example.org",
        "--role",
        "engineer",
        "--workspace",
        "risk",
        "--password-stdin",
    )
    result = run(*command, input=f" {PASSWORD} {ending}")
    assert result.stdout == "Created user 'bo@example.org', engineer.\n"
    assert program.all_people.memberships == [RISK]
    assert program.all_people.create_user.calls == [
        {"email": "bo@example.org", "name": "bo@example.org", "role": Role.ENGINEER, "password": f" {PASSWORD} "}
    ]


def test_a_user_may_be_called_otherwise_and_is_a_viewer_of_the_local_workspace_unless_told(run, program):
    run("admin", "create-user", "bo@example.org", "--name", "Bo", "--password-stdin", input=PASSWORD)
    (call,) = program.all_people.create_user.calls
    assert (call["name"], call["role"]) == ("Bo", Role.VIEWER)
    assert program.all_people.memberships == [AskedBy("local", "local")]


@pytest.mark.parametrize("command", ["create-user", "set-password"])
def test_where_nobody_can_type_a_password_it_has_to_be_piped_in(run, program, command):
    for options in ((), ("--no-input",)):
        result = run(*options, "admin", command, "ada@example.org", input=PASSWORD)
        assert result.exit_code == 2
        assert "pipe it in with --password-stdin" in result.stderr
    assert program.all_people.create_user.calls == program.all_people.change_password.calls == []


def test_no_option_takes_a_password(run, program):
    result = run("admin", "create-user", "ada@example.org", "--password", PASSWORD)
    assert result.exit_code == 2
    assert program.all_people.create_user.calls == []


def test_a_password_is_set_anew_for_whoever_has_the_address(run, program):
    result = run("admin", "set-password", " ADA@example.org ", "--password-stdin", input=PASSWORD)
    assert result.stdout == "Set the password of 'ada@example.org'; every session of theirs has ended.\n"
    assert program.all_people.change_password.calls == [{"user": "u" * 32, "new_password": PASSWORD}]


def test_users_are_listed(run, program):
    program.workspace.queries.all_users = [user(), user("bo@example.org", name="Bo ☂", is_active=False)]
    lines = run("admin", "users", "--workspace", "r" * 32).stdout.splitlines()
    assert [line.split() for line in lines] == [
        ["email", "name", "role", "active"],
        ["ada@example.org", "Ada", "admin", "yes"],
        ["bo@example.org", "Bo", "☂", "admin", "no"],
    ]
    assert program.opened == [RISK]
    assert json.loads(run("admin", "users", "--json").stdout)[1] == {
        "id": "u" * 32,
        "email": "bo@example.org",
        "name": "Bo ☂",
        "role": "admin",
        "is_active": False,
    }


def test_where_nobody_can_sign_in_yet_the_list_says_how_to_change_that(run, program):
    program.workspace.queries.all_users = []
    result = run("admin", "users")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "pynomaly admin create-user EMAIL --role admin" in result.stderr


def test_a_new_master_key_is_printed_alone_or_before_the_old_ones(run):
    assert run("admin", "new-master-key").stdout == "new key\n"
    assert run("admin", "new-master-key", "--before", "old,older").stdout == "new key,old,older\n"


def test_keys_are_rotated_in_every_workspace_or_in_one(run, program):
    assert run("admin", "rotate-keys").stdout == (
        "Workspace 'local': 3 secrets sealed anew.\nWorkspace 'risk': 3 secrets sealed anew.\n"
    )
    assert [asked.tenant_id for asked in program.opened] == ["local", RISK.tenant_id]
    program.opened.clear()
    assert run("admin", "rotate-keys", "--workspace", "risk").stdout == "Workspace 'risk': 3 secrets sealed anew.\n"
    assert program.opened == [RISK]


def test_an_intact_log_tells_its_end_to_be_written_down(run, program):
    result = run("admin", "verify-audit", "--workspace", "risk")
    assert (result.exit_code, result.stdout) == (0, f"The audit log is intact. It ends at 7:{'a' * 64}\n")
    assert program.opened == [RISK]
    assert program.workspace.verify_audit.calls == [{"expected": None}]


def test_an_end_that_was_written_down_is_looked_for(run, program):
    end = run("admin", "verify-audit").stdout.split()[-1]
    run("admin", "verify-audit", "--expect", end)
    assert program.workspace.verify_audit.calls[-1] == {"expected": ChainHead(7, "a" * 64)}


def test_a_log_that_was_tampered_with_exits_6_and_says_where(run, program):
    program.workspace.verify_audit = Asked(ChainVerdict(ChainHead(), "entry 1 was altered"))
    result = run("admin", "verify-audit")
    assert (result.exit_code, result.stdout) == (6, "")
    assert result.stderr == "error: the audit log was tampered with: entry 1 was altered\n"


@pytest.mark.parametrize("end", ["", "7", "7:", f"x:{'a' * 64}", f"7:{'a' * 63}", f"-7:{'a' * 64}", f"²:{'a' * 64}"])
def test_an_end_that_makes_no_sense_exits_2(run, program, end):
    result = run("admin", "verify-audit", "--expect", end)
    assert result.exit_code == 2
    assert program.workspace.verify_audit.calls == []


UNKNOWN = "nowhere"


@pytest.mark.parametrize(
    ("command", "code", "words"),
    [
        (("users", "--workspace", UNKNOWN), 3, "no workspace 'nowhere'; `pynomaly admin workspaces`"),
        (("create-user", "a@b.c", "--workspace", UNKNOWN, "--password-stdin"), 3, "no workspace 'nowhere'"),
        (("set-password", "bo@example.org", "--password-stdin"), 3, "no user 'bo@example.org' in this workspace"),
        (("set-password", "ada", "--password-stdin"), 2, "no e-mail address"),
        (("verify-audit", "--workspace", UNKNOWN), 3, "no workspace 'nowhere'"),
        (("create-user", "a@b.c", "--role", "admn", "--password-stdin"), 2, "no role 'admn'; did you mean 'admin'?"),
        (("create-user",), 2, "Missing argument 'EMAIL'"),
        (("create-workspace",), 2, "Missing argument 'NAME'"),
    ],
    ids=str,
)
def test_what_cannot_be_done_ends_with_its_code_and_says_what_to_do(run, program, command, code, words):
    result = run("admin", *command, input=PASSWORD)
    assert result.exit_code == code
    assert words in result.stderr
    assert program.all_people.create_user.calls == program.all_people.change_password.calls == []


@pytest.mark.parametrize(
    ("error", "code"), [(AlreadyExists("no"), 6), (InvalidRequest("no"), 2), (Conflict("no"), 6)], ids=repr
)
def test_a_refusal_of_the_workspace_ends_with_its_code(run, program, error, code):
    program.all_people.create_tenant = program.all_people.create_user = Asked(error)
    assert run("admin", "create-workspace", "risk").exit_code == code
    assert run("admin", "create-user", "a@b.c", "--password-stdin", input=PASSWORD).exit_code == code


def test_without_the_extra_the_command_says_what_to_install(run, program):
    def people():
        raise ExtraNotInstalled("people need: pip install 'pynomaly-platform[server]'")

    program.people = people
    result = run("admin", "create-workspace", "risk")
    assert result.exit_code == 6
    assert "pip install 'pynomaly-platform[server]'" in result.stderr

"""What `pynomaly start` asks of the program, and what it says."""

import pytest

from pynomaly.domain.errors import Conflict
from tests.fakes.programs import detection, user

ADDRESS = "http://127.0.0.1:8000"


@pytest.fixture
def served(program):
    """Let the program serve: it prepares, answers, and is stopped as somebody at the keyboard does."""
    kept = []

    def serve(options):
        kept.append(options)
        options.before()
        options.when_ready(f"http://{options.host}:{options.port}")
        raise KeyboardInterrupt

    program.serve = serve
    program.workspace.queries.all_users = [user("local@localhost")]
    return kept


def test_it_serves_alone_on_this_machine_with_workers_and_tickets(run, served):
    assert run("start").exit_code == 0
    (options,) = served
    assert (options.host, options.port, options.n_workers, options.is_alone) == ("127.0.0.1", 8000, 2, True)
    assert options.tickets is not None


def test_it_prints_an_address_that_signs_in_once_and_leads_to_a_detection(run, served):
    result = run("start")
    lines = result.stderr.splitlines()
    assert lines == [
        f"Pynomaly runs at {ADDRESS}; Ctrl-C stops it.",
        "This address signs you in, once, within ten minutes; keep it to yourself:",
        f"  {ADDRESS}/enter?ticket=t1cket&next=/detections/{detection().id}",
        "stopped",
    ]
    assert result.stdout == ""
    assert served[0].tickets.redeem("t1cket") == (user().tenant_id, user().id)


def test_where_others_use_the_workspace_nobody_is_let_in(run, served, program):
    program.workspace.queries.all_users = [user("ada@example.org")]
    lines = run("start", "--port", "9000").stderr.splitlines()
    assert "sign in as one of them. With --local-user" in lines[1]
    assert lines[2] == f"  http://127.0.0.1:9000/detections/{detection().id}"
    assert run("start", "--local-user").stderr.count("/enter?ticket=t1cket") == 1
    (asked,) = program.all_people.create_user.calls
    assert (asked["email"], asked["role"], asked["password"]) == ("local@localhost", "admin", "a new secret")


def test_beside_a_database_server_it_asks_for_consent_before_it_does_anything(run, served, program):
    program.is_embedded = False
    refused = run("start")
    assert (refused.exit_code, served) == (2, [])
    assert "add --local-user if that is wanted, or run `pynomaly serve` and sign in" in refused.stderr
    assert run("start", "--local-user").exit_code == 0


def test_one_that_is_interrupted_before_it_answers_says_so(run, program):
    def serve(options):
        raise KeyboardInterrupt

    program.serve = serve
    result = run("start")
    assert (result.exit_code, result.stderr) == (130, "interrupted\n")


def test_one_that_cannot_start_ends_with_its_code(run, program):
    def serve(options):
        raise Conflict("port 8000 of 127.0.0.1 is taken by another program; choose another one with --port 8001")

    program.serve = serve
    result = run("start")
    assert (result.exit_code, "--port 8001" in result.stderr) == (6, True)

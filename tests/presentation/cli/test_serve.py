import pytest

from pynomaly.application.program import ServeOptions
from pynomaly.domain.errors import ExtraNotInstalled, InvalidRequest


def test_a_server_listens_on_this_machine_alone_unless_told_otherwise(run, program):
    assert run("serve").exit_code == 0
    assert program.served == [ServeOptions("127.0.0.1", 8000, None)]


def test_address_port_and_workers_are_passed_on(run, program):
    run("serve", "--host", "0.0.0.0", "--port", "9000", "--workers", "0")  # noqa: S104 - nobody listens
    assert program.served == [ServeOptions("0.0.0.0", 9000, 0)]  # noqa: S104


@pytest.mark.parametrize("option", [("--port", "0"), ("--port", "65536"), ("--workers", "-1"), ("--workers", "65")])
def test_a_number_out_of_range_exits_2(run, program, option):
    assert run("serve", *option).exit_code == 2
    assert program.served == []


@pytest.mark.parametrize(("error", "code"), [(InvalidRequest("no key"), 2), (ExtraNotInstalled("no server"), 6)])
def test_a_server_that_cannot_start_ends_with_its_code(run, program, error, code):
    def refuse(options):
        raise error

    program.serve = refuse
    result = run("serve")
    assert (result.exit_code, result.stderr) == (code, f"error: {error}\n")

import pytest

from pynomaly.application.program import WorkOptions


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), WorkOptions(1, False)),
        (("--processes", "4"), WorkOptions(4, False)),
        (("--attached",), WorkOptions(1, True)),
    ],
    ids=str,
)
def test_a_worker_is_told_how_many_jobs_at_once_and_when_to_end(run, program, options, expected):
    assert run("worker", *options).exit_code == 0
    assert program.worked == [expected]


@pytest.mark.parametrize("number", ["0", "65", "many"])
def test_a_number_out_of_range_exits_2(run, program, number):
    assert run("worker", "--processes", number).exit_code == 2
    assert program.worked == []

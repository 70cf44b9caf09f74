from tests.storms.reclaims import Reclaims, attempts_in

TAKEN = "12:00:00 INFO pynomaly.worker job_taken job_id=a kind=train attempt=1"
DONE = "12:00:01 INFO pynomaly.worker job_succeeded job_id=a attempt=1"
AGAIN = "12:00:02 INFO pynomaly.worker job_taken job_id=b kind=detect attempt=3"


def test_a_log_says_what_a_worker_took_and_what_it_held_in_the_end() -> None:
    assert attempts_in(f"{TAKEN}\n{DONE}\n{AGAIN}\n") == ([("a", 1), ("b", 3)], ("b", 3))


def test_a_worker_that_let_go_of_everything_held_nothing() -> None:
    assert attempts_in(f"{TAKEN}\n{DONE}") == ([("a", 1)], None)
    assert attempts_in("") == ([], None)


def test_percentiles_are_times_that_were_measured() -> None:
    waited = Reclaims([float(number) for number in range(1, 201)])
    assert (waited.percentile(0.5), waited.percentile(0.99), waited.percentile(1.0)) == (101.0, 199.0, 200.0)
    assert Reclaims([]).percentile(0.99) == 0.0

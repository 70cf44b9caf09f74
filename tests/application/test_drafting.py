import pytest

from pynomaly.application.drafting import free_name

LONG = "a" * 200


@pytest.mark.parametrize(
    ("wanted", "taken", "free"),
    [
        ("orders", [], "orders"),
        ("orders", ["orders 2"], "orders"),
        ("orders", ["orders", "orders 3"], "orders 2"),
        (LONG, [LONG], "a" * 198 + " 2"),
        ("a" * 197 + " bc", [LONG[:197] + " bc"], "a" * 197 + " 2"),
    ],
)
def test_a_name_that_is_taken_gets_the_first_number_that_is_free(wanted, taken, free) -> None:
    assert free_name(wanted, taken) == free

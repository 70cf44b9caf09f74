from ipaddress import ip_address

import pytest

from pynomaly.assembly.sources import OWN_TABLES, own_places
from pynomaly.infrastructure.persistence import audit_tables, people_tables, secret_tables, work_tables  # noqa: F401
from pynomaly.infrastructure.persistence.tables import metadata


@pytest.mark.parametrize(
    ("url", "places"),
    [
        (None, set()),
        ("postgresql://u:p@127.0.0.1:5433/d", {("127.0.0.1", 5433)}),
        ("postgresql://127.0.0.1/d", {("127.0.0.1", 5432)}),
        ("postgresql://u@/d?host=127.0.0.1:5439&host=127.0.0.2", {("127.0.0.1", 5439), ("127.0.0.2", 5432)}),
        ("postgresql://no-such-host.invalid/d", set()),
    ],
)
def test_where_the_programs_own_database_listens_is_known(url: str | None, places: set[tuple[str, int]]) -> None:
    found = {(str(address), port) for address, port in own_places(url)}
    assert places <= found
    assert all(ip_address(address).is_loopback for address, _ in found)


def test_a_database_of_the_program_holds_all_the_tables_that_it_is_known_by() -> None:
    assert {*metadata.tables, "alembic_version"} >= OWN_TABLES

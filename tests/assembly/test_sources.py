from pynomaly.assembly.sources import OWN_TABLES
from pynomaly.infrastructure.persistence import audit_tables, people_tables, secret_tables, work_tables  # noqa: F401
from pynomaly.infrastructure.persistence.tables import metadata


def test_a_database_of_the_program_holds_all_the_tables_that_it_is_known_by() -> None:
    assert {*metadata.tables, "alembic_version"} >= OWN_TABLES

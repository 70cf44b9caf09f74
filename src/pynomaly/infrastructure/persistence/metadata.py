"""What all tables share: one description of the whole database, and the column that says whose a row is."""

from sqlalchemy import Column, MetaData, String

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
"""Every migration there is, oldest first; the last one leads to the tables as they are described here."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def tenant_column() -> Column[str]:
    """Return the column that names the workspace a row belongs to; every query of a unit of work asks for it."""
    return Column("tenant_id", String(64), nullable=False, index=True)

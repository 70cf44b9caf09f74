"""The table of workers: who was there, and when last, by the database's clock."""

from sqlalchemy import Column, Float, Table

from pynomaly.infrastructure.persistence.column_types import Text
from pynomaly.infrastructure.persistence.metadata import metadata

workers = Table(
    "workers",
    metadata,
    Column("name", Text(200), primary_key=True),
    Column("seen_at", Float(53), nullable=False),
)

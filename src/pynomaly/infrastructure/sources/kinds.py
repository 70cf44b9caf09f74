"""The kinds of sources as data: what it takes to reach one, and what of it can be selected."""

from pynomaly.application.ports.sources import SourceKind
from pynomaly.domain.connection import ConnectionKind, Field, FieldType

VERIFIED, ENCRYPTED, PREFERRED = "verify-full", "require", "prefer"
"""How a connection to a database server is secured, in libpq's words."""

_TABLE_OR_QUERY = (
    Field("table", "a table or view as schema.name, written as it is called", is_required=False),
    Field("query", "one SELECT, in place of a table", is_required=False, has_lines=True),
)

POSTGRESQL = SourceKind(
    ConnectionKind(
        "postgresql",
        "A PostgreSQL database, read in a read-only transaction.",
        (
            Field("host", "name or address of the server", is_place=True),
            Field("port", "where it listens", FieldType.NUMBER, default=5432, least=1, most=65_535, is_place=True),
            Field("database", "name of the database"),
            Field("user", "whom the server knows; one that may only read is best"),
            Field("password", "of the user", is_secret=True, is_required=False),
            Field(
                "sslmode",
                "verify-full checks who answers, require only encrypts; prefer encrypts where the server can, and is "
                "for networks inside",
                FieldType.CHOICE,
                default=VERIFIED,
                choices=(VERIFIED, ENCRYPTED, PREFERRED),
                is_place=True,
            ),
        ),
    ),
    _TABLE_OR_QUERY,
)

S3 = SourceKind(
    ConnectionKind(
        "s3",
        "A bucket of Amazon S3 or of any object store that speaks its language.",
        (
            Field("endpoint", "address of the store, such as https://s3.eu-central-1.amazonaws.com", is_place=True),
            Field("region", "where the bucket is", default="us-east-1", is_place=True),
            Field("bucket", "name of the bucket", is_place=True),
            Field("access_key", "id of the key that may read the bucket"),
            Field("secret_key", "of that key", is_secret=True),
            Field("session_token", "of a key that does not last", is_secret=True, is_required=False),
            Field(
                "is_path_style",
                "whether the bucket stands in the path and not before the host's name",
                FieldType.FLAG,
                default=True,
                is_place=True,
            ),
        ),
    ),
    (Field("key", "name of the object: a Parquet, Arrow, CSV, JSON lines or Excel file"),),
)

SQLITE = SourceKind(
    ConnectionKind(
        "sqlite",
        "An SQLite file below the folder that whoever runs the program opened for this (PYNOMALY_SQLITE_FOLDER).",
        (Field("path", "the file, below that folder", is_place=True),),
    ),
    _TABLE_OR_QUERY,
)

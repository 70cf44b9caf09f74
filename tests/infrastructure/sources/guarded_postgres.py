"""A PostgreSQL server that asks for a password and speaks TLS, with a certificate for one name."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.infrastructure.outbound.receivers import own_certificate
from tests.storms.private_postgres import NoServerPrograms, PrivatePostgres, private_postgres

NAME = "db.example"
PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class GuardedPostgres:
    """The server. authority: the file with the certificate that it proves itself by."""

    server: PrivatePostgres
    authority: Path

    @property
    def port(self) -> int:
        """Where it listens on this machine."""
        return self.server.port


@contextmanager
def guarded_postgres(folder: Path) -> Iterator[GuardedPostgres]:
    """Lend a running server, or skip loudly where this machine has none; CI must have one."""
    try:
        with private_postgres() as server:
            yield _guarded(server, folder)
    except NoServerPrograms as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI needs the programs of a PostgreSQL server: {error}")
        pytest.skip(f"NOT TESTED WITH PASSWORDS AND TLS: {error}")


def _guarded(server: PrivatePostgres, folder: Path) -> GuardedPostgres:
    own_certificate(folder, NAME)
    data = server.folder / "data"
    for name in ("server.crt", "server.key"):
        shutil.copy(folder / "server.pem", data / name)
        (data / name).chmod(0o600)
        if server.owner:
            os.chown(data / name, server.owner["user"], server.owner["group"])
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'")
        connection.execute("CREATE ROLE trusting LOGIN PASSWORD 'said in the open'")
        connection.execute("CREATE TABLE orders AS SELECT g AS id FROM generate_series(1, 3) g")
        connection.execute("GRANT SELECT ON orders TO reader")
        connection.execute("ALTER SYSTEM SET ssl = on")
        rules = ("all reader all scram-sha-256", "all trusting all password", "all storm 127.0.0.1/32 trust")
        (data / "pg_hba.conf").write_text("".join(f"host {rule}\n" for rule in rules))
        connection.execute("SELECT pg_reload_conf()")
    return GuardedPostgres(server, folder / "server.pem")

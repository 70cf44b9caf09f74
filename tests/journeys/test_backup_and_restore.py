"""An installation is backed up, wiped and restored, on either database and from one kind to the other."""

import base64
import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import select

from pynomaly.application.ports.asking import BY_LOCAL_USER, Asked
from pynomaly.application.ports.secrets import SecretOwner
from pynomaly.assembly.workspace import open_workspace
from pynomaly.bootstrap import adapters, program_on
from pynomaly.domain.errors import Conflict
from pynomaly.infrastructure.persistence.metadata import metadata
from pynomaly.infrastructure.settings import Settings
from tests.databases import KINDS, fresh_url
from tests.fakes.notifiers import FakeNotifierCatalog
from tests.fakes.sources import FakeSources
from tests.service.furnished import furnished, stocked
from tests.service.installed import KEY

MASTER_KEY = base64.b64encode(bytes(range(32))).decode()
SECRET_OF = SecretOwner("channel", "c1")


@pytest.fixture
def place(tmp_path):
    """Open installations by name, each with a home of its own; the databases go when the test ends."""
    with ExitStack() as held:

        def one(name, kind, **changes):
            url = held.enter_context(fresh_url(kind))
            settings = {"threads": 1, "origins": {}, "secret_key": KEY, "master_keys": (MASTER_KEY,)}
            shared = adapters(
                Settings(home=tmp_path / name, database_url=url, **(settings | changes)),
                notifiers=FakeNotifierCatalog(),
                sources=FakeSources(),
            )
            held.callback(lambda: shared.transactions(BY_LOCAL_USER).database.close())
            return shared

        yield one


def _filled(shared):
    """Put two workspaces with something of each kind into an installation, and a secret into one of them."""
    other = furnished(shared, "walrus")
    things = stocked(shared, BY_LOCAL_USER, "birch")
    with shared.transactions(BY_LOCAL_USER).begin() as work:
        work.secrets.put(SECRET_OF, "url", "https://hooks.example.org/T0/ünsaid")
        work.commit()
    return other, things


def _rows(shared):
    """Return every row of every table."""
    with shared.transactions(BY_LOCAL_USER).database.engine().connect() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for name, table in metadata.tables.items()
        }


def _files(shared):
    home = shared.settings.home
    places = (path for path in home.rglob("*") if path.is_file() and not path.name.startswith("workspace.db"))
    return {str(path.relative_to(home)): path.read_bytes() for path in places}


@pytest.mark.parametrize("to_kind", KINDS)
@pytest.mark.parametrize("from_kind", KINDS)
def test_what_is_restored_equals_what_was_backed_up(place, tmp_path, from_kind, to_kind):
    before, after = place("before", from_kind), place("after", to_kind)
    other, things = _filled(before)
    rows, files = _rows(before), _files(before)
    made = program_on(before).backups().make(path=tmp_path / "monday")
    assert not made.contents.missing
    assert made.n_files == len(files)
    shutil.rmtree(before.settings.home)

    restored = program_on(after).backups().restore(path=tmp_path / "monday", expected_digest=made.digest)
    assert restored == made
    assert _rows(after) == rows
    assert all(
        rows[name] for name in ("users", "api_keys", "secrets", "job_events", "schedules", "detections", "verdicts")
    )
    assert _files(after) == files
    _works_on(after, other, things)


def _works_on(shared, other, things):
    """See that the restored installation does what the first one did."""
    here = open_workspace(shared, BY_LOCAL_USER)
    first = here.queries.detection(things.detection)
    again = here.detect_anomalies(detector=things.detector, dataset=things.dataset, n_strangest=20)
    assert again.detection.scores == first.scores
    assert again.detection.strangest == first.strangest
    with shared.transactions(BY_LOCAL_USER).begin_reading() as work:
        assert work.secrets.reveal(SECRET_OF, "url") == "https://hooks.example.org/T0/ünsaid"
    elsewhere = open_workspace(shared, Asked(other.tenant_id, "the tests"))
    elsewhere.create_detector(name="new", algorithm="ecod")
    assert here.verify_audit().is_intact
    assert elsewhere.verify_audit().is_intact


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_restored_over_what_is_there(place, tmp_path, kind):
    full = place("full", kind)
    stocked(full, BY_LOCAL_USER, "birch")
    backups = program_on(full).backups()
    backups.make(path=tmp_path / "monday")
    rows, files = _rows(full), _files(full)
    with pytest.raises(Conflict, match="holds something already"):
        backups.restore(path=tmp_path / "monday")
    assert (_rows(full), _files(full)) == (rows, files)


@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_of_nothing_makes_nothing(place, tmp_path, kind):
    empty, after = place("empty", kind), place("after", kind)
    program_on(empty).backups().make(path=tmp_path / "monday")
    program_on(after).backups().restore(path=tmp_path / "monday")
    assert _rows(after) == _rows(empty)


def test_keys_come_along_only_when_asked_for(place, tmp_path):
    before = place("before", "sqlite", master_keys=(), secret_key=None)
    _filled(before)
    backups = program_on(before).backups()
    without, with_keys = backups.make(path=tmp_path / "without"), backups.make(path=tmp_path / "with", with_keys=True)
    assert (without.keys, with_keys.keys) == ((), ("master.key", "secret.key"))
    keys = [(before.settings.home / name).read_bytes() for name in with_keys.keys]
    everything = b"".join(path.read_bytes() for path in (tmp_path / "without").rglob("*") if path.is_file())
    assert not any(key.strip() in everything for key in keys)

    after = place("after", "sqlite", master_keys=(), secret_key=None)
    program_on(after).backups().restore(path=tmp_path / "with")
    assert [(after.settings.home / name).read_bytes() for name in with_keys.keys] == keys
    assert [(after.settings.home / name).stat().st_mode & 0o777 for name in with_keys.keys] == [0o600, 0o600]
    with after.transactions(BY_LOCAL_USER).begin_reading() as work:
        assert work.secrets.reveal(SECRET_OF, "url") == "https://hooks.example.org/T0/ünsaid"


def test_no_secret_stands_open_in_a_backup(place, tmp_path):
    before = place("before", "sqlite")
    _filled(before)
    program_on(before).backups().make(path=tmp_path / "monday")
    texts = [path.read_bytes() for path in Path(tmp_path / "monday").rglob("*") if path.is_file()]
    assert not any(b"hooks.example.org" in text for text in texts)


@pytest.mark.parametrize("kind", KINDS)
def test_new_rows_are_numbered_after_the_restored_ones(place, tmp_path, kind):
    before, after = place("before", kind), place("after", kind)
    stocked(before, BY_LOCAL_USER, "birch")
    program_on(before).backups().make(path=tmp_path / "monday")
    program_on(after).backups().restore(path=tmp_path / "monday")
    stocked(after, BY_LOCAL_USER, "walrus")
    names = [one.name for one in open_workspace(after, BY_LOCAL_USER).queries.datasets()]
    assert names == ["walrus orders", "birch orders"]

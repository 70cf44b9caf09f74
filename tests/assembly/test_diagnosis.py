"""`pynomaly doctor --server`: what it finds where all is well, and the one line that changes where something is not."""

import stat
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.secrets import SecretOwner
from pynomaly.application.program import Check
from pynomaly.assembly.diagnosis import diagnose_server
from pynomaly.assembly.sealing import new_master_key
from pynomaly.bootstrap import adapters
from pynomaly.domain.identifiers import LOCAL_TENANT
from pynomaly.domain.job import JobKind
from pynomaly.infrastructure.persistence.database_clock import DatabaseNow
from pynomaly.infrastructure.persistence.metadata import REVISIONS
from pynomaly.infrastructure.persistence.work_tables import jobs
from pynomaly.infrastructure.persistence.worker_rows import SqlWorkerBook
from pynomaly.infrastructure.settings import Settings
from tests.databases import KINDS, fresh_url
from tests.infrastructure.persistence.examples import job, new_id

SIGNING = "a key of the tests, which is long enough to sign their tokens, and hostile ones as well"


@pytest.fixture(params=KINDS)
def settings(request, tmp_path):
    """Settings with which all is well, on each database."""
    with fresh_url(request.param) as url:
        yield Settings(
            home=tmp_path / "home",
            threads=1,
            origins={},
            database_url=url,
            secret_key=SIGNING,
            master_keys=(new_master_key(),),
            metrics_port=9464,
        )


@pytest.fixture
def opened(settings):
    """An installation that is at work: its tables are there, and a worker."""
    shared = adapters(settings)
    database = shared.transactions(Asked(LOCAL_TENANT, "the tests")).database
    database.engine()
    SqlWorkerBook(database).sign("w1")
    yield shared
    database.close()


def found(shared) -> Mapping[str, Check]:
    return {check.subject: check for check in diagnose_server(shared)}


def bad(shared) -> set[str]:
    return {subject for subject, check in found(shared).items() if check.state == "problem"}


def database_of(shared):
    return shared.transactions(Asked(LOCAL_TENANT, "the tests")).database


def test_where_all_is_well_every_line_is_good(opened):
    checks = found(opened)
    assert {subject: check.state for subject, check in checks.items() if check.state != "ok"} == {}
    subjects = {"home", "disk", "signing key", "master key", "database", "clocks", "secrets", "workers", "queue"}
    assert subjects | {"hosts", "outbound", "metrics"} <= checks.keys()
    assert REVISIONS[-1] in checks["database"].finding


def test_before_the_first_start_nothing_is_wrong_and_nothing_is_made(tmp_path):
    settings = Settings(home=tmp_path / "home", threads=1, origins={})
    assert bad(adapters(settings)) == set()
    assert not settings.home.exists()


def test_looking_at_a_home_without_tables_and_keys_makes_neither(tmp_path):
    settings = Settings(home=tmp_path, threads=1, origins={})
    assert bad(adapters(settings)) == set()
    assert list(tmp_path.iterdir()) == []


def test_tables_that_are_yet_to_be_made_are_not_made_by_looking(settings):
    shared = adapters(settings)
    first, again = found(shared)["database"], found(shared)["database"]
    assert first == again
    assert first.state == ("missing" if settings.database_url else "ok")


def test_a_database_that_is_away_is_a_problem_and_says_which(settings):
    away = replace(settings, database_url="postgresql://nobody:hush@127.0.0.1:1/nowhere")
    check = found(adapters(away))["database"]
    assert (check.state, "127.0.0.1" in check.finding, "hush" in check.finding) == ("problem", True, False)


def test_a_database_that_goes_away_while_it_is_looked_at_is_a_problem_and_the_rest_is_told(opened):
    with database_of(opened).engine().begin() as connection:
        connection.exec_driver_sql("DROP TABLE workers")
    checks = found(opened)
    assert (checks["database"].state, checks["workers"].state) == ("ok", "problem")
    assert "hosts" in checks


def test_a_database_of_a_newer_version_is_a_problem(opened):
    with database_of(opened).engine().begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    check = found(opened)["database"]
    assert (check.state, "9999" in check.finding) == ("problem", True)


def test_beside_a_database_server_keys_have_to_be_set(settings):
    shared = adapters(replace(settings, secret_key=None, master_keys=()))
    checks = found(shared)
    expected = ("problem", "missing") if settings.database_url else ("ok", "ok")
    assert (checks["signing key"].state, checks["master key"].state) == expected


@pytest.mark.parametrize("change", [{"secret_key": "short"}, {"master_keys": ("no key",)}])
def test_a_key_that_cannot_be_used_is_a_problem(opened, change):
    (subject,) = bad(replace(opened, settings=replace(opened.settings, **change))) - {"secrets"}
    assert subject == ("signing key" if "secret_key" in change else "master key")


def test_secrets_that_the_keys_do_not_open_are_a_problem_and_not_shown(opened):
    with opened.transactions(Asked(LOCAL_TENANT, "the tests")).begin() as work:
        work.secrets.put(SecretOwner("channel", "c1"), "url", "hush")
        work.commit()
    assert found(opened)["secrets"].finding == "1 looked at, all can be opened"
    others = adapters(replace(opened.settings, master_keys=(new_master_key(),)))
    check = found(others)["secrets"]
    database_of(others).close()
    assert (check.state, "hush" in check.finding + check.advice) == ("problem", False)


def test_a_clock_that_is_wrong_is_a_problem(opened):
    ahead = replace(opened, clock=lambda: datetime.now(UTC) + timedelta(seconds=60))
    assert bad(ahead) == {"clocks"}


def queued(shared, seconds):
    database, one = database_of(shared), replace(job(), id=new_id(), kind=JobKind.TRAIN)
    with shared.transactions(Asked(LOCAL_TENANT, "the tests")).begin() as work:
        work.jobs.add(one)
        work.commit()
    with database.engine().begin() as connection:
        connection.execute(update(jobs).values(run_at=DatabaseNow() - seconds))


def test_a_queue_that_nobody_has_looked_at_for_long_is_a_problem(opened):
    queued(opened, 10.0)
    assert bad(opened) == set()
    queued(opened, 10_000.0)
    assert bad(opened) == {"queue"}


def test_jobs_without_anybody_to_do_them_are_a_problem_and_no_workers_alone_are_none(opened):
    with database_of(opened).engine().begin() as connection:
        connection.exec_driver_sql("DELETE FROM workers")
    assert found(opened)["workers"].state == "missing"
    queued(opened, 10.0)
    assert bad(opened) == {"workers"}


def test_a_home_that_cannot_be_written_is_a_problem(opened, tmp_path):
    file = tmp_path / "file"
    file.write_text("no folder")
    assert "home" in bad(replace(opened, settings=replace(opened.settings, home=file)))


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        ({"redis_url": "redis://127.0.0.1:1/0"}, "redis"),
        ({"redis_url": "nonsense"}, "redis"),
        ({"allowed_hosts": ("*",)}, "hosts"),
        ({"trusted_proxies": ("*",)}, "hosts"),
        ({"outbound_allow": ("everywhere",)}, "outbound"),
    ],
)
def test_a_setting_that_leads_nowhere_is_a_problem_with_advice(opened, change, subject):
    shared = replace(opened, settings=replace(opened.settings, **change))
    assert bad(shared) == {subject}
    assert found(shared)[subject].advice


def test_what_a_setting_allows_is_told(opened):
    wide = replace(opened.settings, allowed_hosts=("api.example",), outbound_allow=("10.1.0.0/16",))
    checks = found(replace(opened, settings=wide))
    assert checks["hosts"].finding == "answers to api.example"
    assert "10.1.0.0/16" in checks["outbound"].finding


def test_a_look_leaves_nothing_in_the_home(opened):
    before = {path: stat.S_IMODE(path.stat().st_mode) for path in opened.settings.home.rglob("*") if path.is_file()}
    found(opened)
    after = {path for path in opened.settings.home.rglob("*") if path.is_file()}
    assert {path.name for path in after - before.keys()} <= {"workspace.db-wal", "workspace.db-shm"}

"""What a first visit finds, and what the next ones leave as it is."""

import itertools
from dataclasses import replace

import pytest

from pynomaly.application.first_visit import LOCAL_EMAIL, SAMPLE, first_detection, local_user
from pynomaly.application.ports.asking import BY_LOCAL_USER
from pynomaly.application.ports.progress import nobody_listens
from pynomaly.bootstrap import build
from pynomaly.domain.access import Role
from pynomaly.domain.errors import InvalidRequest
from pynomaly.infrastructure.settings import Settings
from tests.application.use_cases.orders import register
from tests.application.use_cases.people import PASSWORD
from tests.infrastructure.persistence.examples import ready_workspace

NUMBERS = itertools.count()


@pytest.fixture
def program(tmp_path):
    ready_workspace(tmp_path / "home").close()
    return build(Settings(home=tmp_path / "home", threads=None, origins={}))


@pytest.fixture
def workspace(program):
    return program.open_workspace()


@pytest.fixture
def visit(program, workspace, tmp_path):
    """Come once more, and return the detection that is shown."""
    return lambda: first_detection(workspace, program.write_sample, tmp_path, nobody_listens)


@pytest.fixture
def somebody(program, workspace):
    """Return the user of this machine."""
    membership = program.people().membership(BY_LOCAL_USER)

    def look(may_join=False):
        return local_user(
            workspace.queries, membership, lambda: f"a random sentence {next(NUMBERS)}", may_join=may_join
        )

    return look


def _counts(workspace):
    queries = workspace.queries
    return len(queries.datasets()), len(queries.detectors()), len(queries.detections())


def test_a_first_visit_finds_the_sample_looked_at_and_the_next_one_finds_the_same(visit, workspace) -> None:
    found = visit()
    (rows,), (detector,) = workspace.queries.datasets(), workspace.queries.detectors()
    assert (rows.name, rows.label, rows.n_rows, detector.name) == (SAMPLE, "malignant", 367, SAMPLE)
    assert (found.dataset_id, found.detector_id, found.detector_version) == (rows.id, detector.id, 1)
    assert found.n_anomalies > 0
    assert visit() == found
    assert _counts(workspace) == (1, 1, 1)


@pytest.mark.parametrize("step", ["register_dataset", "create_detector", "train_detector", "detect_anomalies"])
def test_what_a_visit_that_was_cut_short_began_is_gone_on_with(program, workspace, tmp_path, step) -> None:
    def cut_short(**_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        first_detection(replace(workspace, **{step: cut_short}), program.write_sample, tmp_path, nobody_listens)
    found = first_detection(workspace, program.write_sample, tmp_path, nobody_listens)
    assert found.detector_version == 1
    assert _counts(workspace) == (1, 1, 1)


def test_a_workspace_with_things_of_its_own_is_left_as_it_is(visit, workspace) -> None:
    register(workspace)
    assert visit() is None
    assert _counts(workspace) == (1, 0, 0)


def test_who_has_been_here_before_goes_on_where_they_left(visit, workspace) -> None:
    visit()
    register(workspace)
    newest = workspace.detect_anomalies(detector=SAMPLE, dataset=SAMPLE).detection
    assert visit() == newest


def test_in_an_empty_workspace_there_is_an_admin_for_this_machine(somebody) -> None:
    made = somebody()
    assert (made.email, made.role, made.is_active) == (LOCAL_EMAIL, Role.ADMIN, True)
    assert somebody().id == made.id


def test_beside_others_it_is_made_on_request_alone(somebody, program, workspace) -> None:
    create = program.people().membership(BY_LOCAL_USER).create_user
    create(email="ada@example.org", name="Ada", role=Role.ADMIN, password=PASSWORD)
    assert somebody() is None
    assert len(workspace.queries.users()) == 1
    made = somebody(may_join=True)
    assert (made.email, somebody().id) == (LOCAL_EMAIL, made.id)


def test_one_that_was_deactivated_stays_so(somebody, program) -> None:
    membership = program.people().membership(BY_LOCAL_USER)
    made = somebody()
    membership.create_user(email="ada@example.org", name="Ada", role=Role.ADMIN, password=PASSWORD)
    membership.change_user(user=made.id, is_active=False)
    assert (somebody(), somebody(may_join=True)) == (None, None)


def test_a_weak_password_makes_nobody(program, workspace) -> None:
    membership = program.people().membership(BY_LOCAL_USER)
    with pytest.raises(InvalidRequest):
        local_user(workspace.queries, membership, lambda: "short", may_join=False)
    assert workspace.queries.users() == []

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.detector_history import Look
from pynomaly.assembly.people import people_of
from pynomaly.assembly.workspace import open_workspace
from pynomaly.domain.access import Role
from pynomaly.domain.identifiers import DetectionId, DetectorId
from pynomaly.domain.training import TrainingStatus
from pynomaly.presentation.web.cookies import SESSION
from pynomaly.presentation.web.today import HEIGHTS, LANE_WIDTH, lanes
from tests.fakes.today import DRAFT, NOON, QUIET, TRAINED, WATCHED
from tests.presentation.web.conftest import Browsing
from tests.presentation.web.hostile import HOSTILE, is_shown_harmlessly
from tests.service.furnished import rows
from tests.service.installed import Installation

LOOK = Look(DetectionId("c1"), DetectorId("e1"), 1, None, "may.csv", "f1", 100, 7, 91.5, (), NOON - timedelta(hours=6))


@pytest.mark.parametrize("role", Role)
def test_every_role_is_told_whether_anything_is_wrong(browse: Callable[..., Browsing], role: Role) -> None:
    page = browse(role).shown("/")
    assert 'class="headline"' in page
    assert "birch watch" in page
    assert "birch orders" in page
    assert "walrus" not in page


def test_whoever_is_not_signed_in_is_led_to_the_door(browse: Callable[..., Browsing]) -> None:
    answer = browse(None).get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def test_what_stands_out_comes_with_its_reason_and_a_way_to_it(browse: Callable[..., Browsing], here) -> None:
    page = browse(Role.VIEWER).shown("/")
    assert f'href="/detections/{here.things.detection}"' in page
    assert "What needs eyes" in page
    assert "birch_amount" in page or "birch_speed" in page


def test_each_detector_says_when_it_last_looked(browse: Callable[..., Browsing]) -> None:
    page = browse(Role.VIEWER).shown("/")
    assert "Last looked" in page
    assert "looked 1 time in the last 24 hours" in page or "times in the last 24 hours" in page
    assert "birch nightly" not in page.partition("What is broken")[0]


@pytest.mark.parametrize(("role", "offers"), [(Role.ANALYST, True), (Role.VIEWER, False)])
def test_an_empty_workspace_has_three_doors_for_those_who_may_enter(
    installation: Installation, browse: Callable[..., Browsing], role: Role, offers: bool
) -> None:
    page = _shown_to_somebody_new(installation, browse, role)
    assert "Nothing was looked at yet." in page
    assert ("Try the sample" in page, "Bring a file" in page, "Connect a source" in page) == (offers,) * 3
    assert ("needs the role analyst" in page) is not offers


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_text(browse: Callable[..., Browsing], installation: Installation, name: str) -> None:
    furniture = installation.here.furniture
    workspace = open_workspace(installation.shared, Asked(furniture.tenant_id, "somebody"))
    dataset, _ = workspace.register_dataset(source=rows(), name=name, source_name="")
    detector = workspace.create_detector(name=name, algorithm="ecod")
    workspace.train_detector(detector=detector.id, dataset=dataset.id)
    workspace.detect_anomalies(detector=detector.id, dataset=dataset.id)
    page = browse(Role.ADMIN).shown("/")
    workspace.remove_detector(detector=detector.id)
    assert is_shown_harmlessly(name, page)


def test_a_lane_has_a_mark_for_each_look_where_its_time_is() -> None:
    today = replace(QUIET, detectors=(WATCHED,))
    (lane,) = lanes(today, [LOOK, replace(LOOK, n_anomalies=0, severity=None, at=NOON)])
    assert [(mark.x, mark.band) for mark in lane.marks] == [(LANE_WIDTH * 0.75, "critical"), (LANE_WIDTH, "")]


def test_the_worse_what_was_found_the_taller_its_mark() -> None:
    heights = list(HEIGHTS.values())
    assert heights == sorted(set(heights))
    (lane,) = lanes(replace(QUIET, detectors=(WATCHED,)), [replace(LOOK, severity=None)])
    assert lane.marks[0].height > HEIGHTS[None]


def test_detectors_whose_training_failed_come_first() -> None:
    failed = replace(TRAINED, status=TrainingStatus.FAILED)
    failing = replace(WATCHED, detector=replace(WATCHED.detector, id="e9", training=failed))
    found = list(lanes(replace(QUIET, detectors=(WATCHED, DRAFT, failing)), []))
    assert [lane.watched.detector.id for lane in found] == ["e9", "e1", "e2"]
    assert [lane.is_failing for lane in found] == [True, False, False]


def test_a_run_that_should_have_been_is_late() -> None:
    late = replace(WATCHED, next_run_at=NOON - timedelta(minutes=5))
    assert [lane.is_late for lane in lanes(replace(QUIET, detectors=(late, WATCHED)), [])] == [True, False]


def _shown_to_somebody_new(installation: Installation, browse: Callable[..., Browsing], role: Role) -> str:
    people = people_of(installation.shared)
    tenant = people.create_tenant(name=f"bare {role}")
    user = people.membership(Asked(tenant.id, "the tests")).create_user(
        email=f"bare.{role}@example.org", name="Somebody", role=role, password="correct horse battery staple"
    )
    browsing = browse(None)
    browsing.client.cookies.set(SESSION, people.open_browser_session(tenant_id=tenant.id, user_id=user.id).token)
    return browsing.shown("/")

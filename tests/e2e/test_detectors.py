"""From an intent to a trained detector, back to an older version, and away: in a real browser."""

import re

import numpy as np
import pyarrow as pa
import pytest
from playwright.sync_api import expect

from pynomaly.domain.access import Role
from pynomaly.domain.errors import PynomalyError
from tests.e2e.house import Workplace
from tests.e2e.stage import payments_table
from tests.e2e.visits import PHONE


@pytest.fixture
def payments(place: Workplace) -> str:
    dataset, _ = place.workspace.register_dataset(source=payments_table(800), name="payments", source_name="")
    return dataset.id


@pytest.fixture
def fraud(place: Workplace, payments: str) -> str:
    detector = place.workspace.create_detector(name="Fraud", algorithm="hbos")
    for seed in (0, 1):
        place.workspace.train_detector(detector=detector.id, dataset=payments, seed=seed)
    return detector.id


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_from_what_is_to_be_found_to_a_detector_that_is_trained(visit, place, payments, viewport) -> None:
    going = visit(Role.ENGINEER, viewport=viewport)
    going.watch.forgive("404")  # pages of jobs are not this journey's
    page = going.go("/detectors")
    page.get_by_role("link", name="New detector").first.click()
    page.get_by_label("Extreme values, one column at a time").check()
    page.get_by_role("button", name="Propose detectors").click()
    page.get_by_role("link", name="Histogram-based outlier score", exact=True).first.click()
    page.get_by_role("button", name="Show as a document").click()
    expect(page).to_have_url(re.compile("expert=1"))
    document = page.get_by_label("The detector as a document (JSON)")
    document.fill(document.input_value().replace("null", "16"))
    page.get_by_role("button", name="Show as a form").click()
    expect(page.get_by_label("n_bins")).to_have_value("16")
    page.get_by_label("Name").fill("Extremes")
    page.get_by_role("button", name="Create and train").click()
    page.wait_for_url("**/jobs/*")
    made, _ = place.workspace.queries.detector("Extremes")
    assert (made.algorithm, made.parameters) == ("hbos", {"n_bins": 16})
    page = going.go(f"/detectors/{made.id}")
    for _try in range(60):
        if "is live" in page.inner_text("main"):
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.get_by_text("Version 1 of 1 is live")).to_be_visible()


def test_a_detector_looks_is_rolled_back_renamed_and_deleted(visit, place, fraud) -> None:
    page = visit(Role.ENGINEER).go(f"/detectors/{fraud}")
    page.get_by_role("button", name="Find anomalies").click()
    page.wait_for_url("**/detections/*")
    page.goto(f"/detectors/{fraud}")
    expect(page.locator(".headline")).to_contain_text("of 800 rows")
    page.get_by_role("button", name="Roll back to 1").click()
    expect(page.get_by_role("status").first).to_be_attached()
    expect(page.get_by_text("Version 1 scores from now on.")).to_be_visible()
    page.get_by_text("Rename, retire or delete it").click()
    page.locator("form[action$=rename] [name=name]").fill("Card fraud")
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Card fraud")
    page.get_by_text("Rename, retire or delete it").click()
    page.get_by_label("Type its name to delete it").fill("Card fraud")
    page.get_by_role("button", name="Delete detector").click()
    page.wait_for_url("**/detectors")
    assert fraud not in {one.id for one in place.workspace.queries.detectors()}


def test_a_schedule_is_made_paused_and_deleted_after_being_asked(visit, place, fraud) -> None:
    page = visit(Role.ENGINEER).go(f"/detectors/{fraud}")
    page.get_by_text("Schedule it").first.click()
    page.get_by_label("every weekday at 06:00").check()
    page.locator("[name=schedule_name]").fill("weekday mornings")
    page.get_by_role("button", name="Schedule it").click()
    expect(page.get_by_role("cell", name="weekday mornings")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("rests", exact=True)).to_be_visible()
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("cell", name="weekday mornings")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("Nothing has it look or learn by itself.")).to_be_visible()


def test_the_day_leads_to_what_stands_out_and_says_what_failed(visit, place, fraud, payments) -> None:
    found = place.workspace.detect_anomalies(detector=fraud, dataset=payments, n_strangest=10).detection
    single = pa.table({"x": np.array([1.0])})
    few, _ = place.workspace.register_dataset(source=single, name="a single row", source_name="")
    failing = place.workspace.create_detector(name="Cannot learn", algorithm="knn")
    with pytest.raises(PynomalyError):
        place.workspace.train_detector(detector=failing.id, dataset=few.id)
    page = visit(Role.VIEWER).go("/")
    expect(page.locator(".headline")).to_contain_text("The last training of 'Cannot learn' failed. And")
    expect(page.locator(".broken-list")).to_contain_text("Cannot learn")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/detections/{found.id}")


def test_a_form_from_before_somebody_elses_change_says_what_changed(visit, place, fraud) -> None:
    going = visit(Role.ENGINEER)
    going.watch.forgive("409")
    page = going.go(f"/detectors/{fraud}")
    place.workspace.promote_version(detector=fraud, version=1)
    page.get_by_text("Rename, retire or delete it").click()
    page.locator("form[action$=rename] [name=name]").fill("Too late")
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.get_by_text("Version 1 is live now.")).to_be_visible()
    expect(page.locator("form[action$=rename] [name=name]")).to_have_value("Too late")

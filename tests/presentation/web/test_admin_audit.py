"""The audit log as a page: who did what, narrowed down, and walked along."""

import pytest

from pynomaly.domain.access import Role
from tests.service.installed import signed_in


@pytest.fixture
def admin(browse):
    return browse(Role.ADMIN)


@pytest.fixture(scope="module")
def long_log(browse):
    """More sign-ins than a page of the log shows."""
    for _ in range(55):
        browse(Role.ANALYST)


def test_what_happened_is_told_with_who_did_it(admin, installation):
    shown = admin.shown("/admin/audit?type=AnomaliesDetected")
    assert "Anomalies detected" in shown
    assert f"{installation.here.furniture.word} admin" in shown
    assert "Detector created" not in shown.partition("<tbody>")[2]


def test_what_one_did_is_told_alone(admin, installation):
    signed_in(installation.client, installation.here.furniture.emails[Role.VIEWER])
    viewer = installation.here.furniture.users[Role.VIEWER]
    rows = admin.shown(f"/admin/audit?actor=user:{viewer}").partition("<tbody>")[2]
    assert f"{installation.here.furniture.word} viewer" in rows
    assert f"{installation.here.furniture.word} admin" not in rows.partition("</tbody>")[0]


def test_the_log_is_read_page_by_page_within_its_filter(admin, long_log):
    first = admin.shown("/admin/audit?type=SignedIn")
    assert "showing" in first
    assert "Show older ones" in first
    while "Show older ones" in first:
        address = first.partition("Show older ones")[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
        assert "type=SignedIn" in address
        first = admin.shown(address)
    assert "To the newest" in first or "older ones" not in first


def test_a_cursor_belongs_to_its_filter(admin, long_log):
    page = admin.shown("/admin/audit")
    address = page.partition("Show older ones")[0].rpartition('href="')[2].partition('"')[0]
    assert admin.get(f"{address}&type=SignedIn").status_code == 422


def test_nothing_of_that_kind_says_so(admin, newcomer):
    _, somebody = newcomer()
    assert "Nothing of that kind happened" in admin.shown(f"/admin/audit?type=RefreshTokenReused&actor=user:{somebody}")


def test_a_log_that_nobody_touched_is_found_whole(admin):
    assert admin.send("/admin/audit/verify").headers["location"] == "/admin/audit"
    assert "The log is whole" in admin.shown("/admin/audit")
    headers = {"HX-Request": "true", "Sec-Fetch-Site": "same-origin", "X-Form-Token": admin.token}
    part = admin.client.post("/admin/audit/verify", headers=headers).text
    assert "The log is whole" in part
    assert "<html" not in part


def test_another_workspaces_log_is_not_shown(admin, installation):
    viewer = installation.elsewhere.furniture.users[Role.ADMIN]
    assert "Nothing of that kind happened" in admin.shown(f"/admin/audit?actor=user:{viewer}")
    assert installation.elsewhere.furniture.word not in admin.shown("/admin/audit")

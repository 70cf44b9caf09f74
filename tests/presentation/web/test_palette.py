"""Search or jump: pages, actions and things by a part of their name."""

import pytest

from pynomaly.domain.access import ROLE_PERMISSIONS, Role
from pynomaly.presentation.web.commands import COMMANDS
from pynomaly.presentation.web.palette import MOST_OF_EACH
from tests.presentation.web.hostile import HOSTILE
from tests.presentation.web.routes_of_pages import addresses


def options(somebody, text):
    answer = somebody.get("/palette", params={"q": text}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.text


def test_things_are_found_by_a_part_of_their_name_whatever_the_case(browse, installation):
    things, word = installation.here.things, installation.here.furniture.word.upper()
    engineer = browse(Role.ENGINEER)  # parts that no other test's names have, as few of each noun are shown
    for part, place in (
        (f"{word} ORDERS", f"/datasets/{things.dataset}"),
        (f"{word} WATCH", f"/detectors/{things.detector}"),
        (f"{word} DUTY", f"/channels/{things.channel}"),
    ):
        assert place in options(engineer, part)


def test_detections_and_jobs_are_found_by_the_beginning_of_their_ids(browse, installation):
    things = installation.here.things
    assert f"/detections/{things.detection}" in options(browse(Role.VIEWER), things.detection[:10].upper())
    assert f"/jobs/{things.job}" in options(browse(Role.VIEWER), things.job[:8])


def test_nothing_of_another_workspace_is_found(browse, installation):
    shown = options(browse(Role.ADMIN), installation.elsewhere.furniture.word)
    assert "In this workspace" not in shown
    assert "In this workspace" not in options(browse(Role.ADMIN), installation.elsewhere.things.detection)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_offered_what_it_may_open(browse, role):
    shown = options(browse(role), "")
    for command in COMMANDS:
        is_offered = f'href="{command.address}"' in shown
        may = any(one.needs in ROLE_PERMISSIONS[role] for one in COMMANDS if one.address == command.address)
        assert is_offered == may, command


def test_channels_are_found_by_those_who_keep_them_alone(browse, installation):
    place = f"/channels/{installation.here.things.channel}"
    assert place not in options(browse(Role.ANALYST), "birch")
    assert place in options(browse(Role.ENGINEER), "birch")


def test_every_command_leads_to_a_page_that_asks_for_what_it_says():
    pages = {one.path: one.permission for one in addresses() if one.method == "GET"}
    for command in COMMANDS:
        path = command.address.partition("?")[0]
        if path != "/api/docs":
            assert path in pages, command
            assert command.is_action or pages[path] == command.needs, command


def test_a_command_is_found_by_the_beginnings_of_its_words(browse):
    admin = browse(Role.ADMIN)
    assert "/admin/audit" in options(admin, "log au")
    assert "/account" in options(admin, "pass")
    assert "/admin/audit" not in options(admin, "dit")


def test_what_fits_is_bounded(browse, here):
    for number in range(MOST_OF_EACH + 3):
        here.post("/detectors", json={"name": f"bounded {number}", "algorithm": "ecod"})
    assert options(browse(Role.VIEWER), "bounded").count('role="option"') == MOST_OF_EACH


def test_nothing_that_fits_says_what_was_searched(browse):
    assert "Nothing fits" in options(browse(Role.VIEWER), "no such thing at all")
    assert "Nothing fits" in browse(Role.VIEWER).shown("/palette?q=no+such+thing+at+all")


@pytest.mark.parametrize("text", [*HOSTILE, "%", "_", "\\", "' OR 1=1 --"])
def test_hostile_text_is_text_and_means_nothing_to_the_database(browse, text):
    somebody = browse(Role.VIEWER)
    answer = somebody.get("/palette", params={"q": text})
    assert answer.status_code == 200
    assert text not in answer.text or "<" not in text
    if len(text) > 1 and "8" not in text and "=" not in text:
        assert "In this workspace" not in answer.text


def test_without_script_the_search_is_a_page(browse):
    shown = browse(Role.VIEWER).shown("/palette?q=birch")
    assert '<form class="form" method="get" action="/palette"' in shown
    assert "birch orders" in shown


def test_a_text_that_is_too_long_is_refused(browse):
    assert browse(Role.VIEWER).get("/palette", params={"q": "x" * 201}).status_code == 422

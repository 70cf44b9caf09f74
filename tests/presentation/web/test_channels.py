"""Channels are kept, changed, tried and deleted on their pages; what is secret of them never leaves."""

import html
import re
import secrets

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.assembly.people import people_of
from pynomaly.domain.access import Role
from pynomaly.domain.errors import RemoteRefused, RemoteUnavailable
from pynomaly.presentation.web.cookies import SESSION
from tests.presentation.web.hostile import HOSTILE, is_shown_harmlessly

SECRET = "https://hook.example.org/a-very-secret-part"


@pytest.fixture
def engineer(browse):
    return browse(Role.ENGINEER)


def entered(**more):
    return {"name": f"hook {secrets.token_hex(4)}", "field.url": SECRET, "field.level": "calm", **more}


def kept(somebody, **more):
    """Keep a channel through the form, and return its address."""
    answer = somebody.send("/channels/new?kind=hook", **entered(**more))
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def stored(here, place):
    return here.get(place, Role.ENGINEER)


def test_a_channel_is_kept_and_nothing_is_sent_yet(engineer, here, receiver):
    place = kept(engineer, **{"field.port": "8080", "field.is_terse": "true"})
    assert stored(here, place)["settings"] == {"level": "calm", "port": 8080, "is_terse": True}
    assert stored(here, place)["secrets"] == ["url"]
    assert receiver.of(SECRET) == []
    assert "Nothing was sent yet" in engineer.shown(place)


def test_no_page_tells_what_a_secret_holds(engineer):
    place = kept(engineer, **{"field.password": "the password of the host"})
    for page in (place, "/channels", "/deliveries", "/rules/new"):
        shown = engineer.shown(page)
        assert "very-secret" not in shown
        assert "the password of the host" not in shown
    assert "Kept and never shown; leave it empty to keep it." in engineer.shown(place)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"name": ""}, "fill it in"),
        ({"field.url": ""}, "hook needs &#39;url&#39;"),
        ({"field.port": "many"}, "&#39;port&#39; is a whole number"),
        ({"field.port": "70000"}, "&#39;port&#39; is a whole number"),
        ({"field.level": "shrill"}, "&#39;level&#39; is one of calm, loud"),
        ({"field.url": "ftp://x"}, "no channel can work with"),
        ({"name": "x" * 201}, "at most 200"),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_entered_but_for_secrets(engineer, more, reason):
    answer = engineer.send("/channels/new?kind=hook", **entered(**{"field.host": "kept.example.org"}, **more))
    assert answer.status_code == 422
    assert reason in answer.text
    assert 'value="kept.example.org"' in answer.text
    assert "very-secret" not in answer.text


def test_a_name_that_is_taken_is_refused(engineer, here):
    taken = stored(here, kept(engineer))["name"]
    answer = engineer.send("/channels/new?kind=hook", **entered(name=taken))
    assert answer.status_code == 409
    assert "choose another name" in answer.text


def test_a_kind_that_there_is_not_is_told_with_the_closest(engineer):
    answer = engineer.get("/channels/new?kind=hok")
    assert answer.status_code == 422
    assert "did you mean &#39;hook&#39;" in answer.text


def test_an_edit_that_leaves_secrets_empty_keeps_them(engineer, here):
    place = kept(engineer)
    answer = engineer.send(place, **{"name": "renamed " + place[-6:], "field.level": "loud", "revision": "0"})
    assert answer.status_code == 303, answer.text
    assert stored(here, place)["settings"]["level"] == "loud"
    assert stored(here, place)["secrets"] == ["url"]


def test_a_secret_that_may_be_empty_can_be_forgotten(engineer, here):
    place = kept(engineer, **{"field.password": "for a while"})
    engineer.send(place, **{"name": stored(here, place)["name"], "field.level": "calm", "forget.password": "yes"})
    assert stored(here, place)["secrets"] == ["url"]


def test_where_a_channel_leads_cannot_change_under_a_kept_secret(engineer, here):
    place = kept(engineer)
    moved = {"name": stored(here, place)["name"], "field.level": "calm", "field.host": "thief.example.org"}
    answer = engineer.send(place, **moved)
    assert answer.status_code == 422
    assert "give &#39;url&#39; anew" in answer.text
    assert "host" not in stored(here, place)["settings"]


def test_an_edit_on_what_somebody_else_changed_says_so_and_keeps_the_input(engineer, here):
    place = kept(engineer)
    change = {"json": {"name": "changed by somebody " + place[-6:]}, "headers": {"If-Match": "*"}}
    assert here.ask("PATCH", place, Role.ADMIN, **change).status_code == 200
    answer = engineer.send(place, **{"name": "mine", "field.level": "loud", "revision": "0"})
    assert answer.status_code == 409
    assert "What you entered still stands below" in answer.text
    assert 'value="mine"' in answer.text
    assert 'name="revision" value="1"' in answer.text


def test_a_channel_rests_and_is_woken(engineer, here):
    place = kept(engineer)
    engineer.send(f"{place}/enabled", enabled="no")
    assert not stored(here, place)["is_enabled"]
    assert "This channel rests" in engineer.shown(place)
    engineer.send(f"{place}/enabled", enabled="yes")
    assert stored(here, place)["is_enabled"]


def test_a_channel_is_deleted_unless_a_rule_names_it(engineer, here, installation):
    place = kept(engineer)
    assert engineer.send(f"{place}/delete", revision="0").headers["location"] == "/channels"
    assert engineer.get(place).status_code == 404
    named = f"/channels/{installation.here.things.channel}"
    answer = engineer.send(f"{named}/delete")
    assert answer.status_code == 409
    assert "change or remove that rule first" in answer.text


def test_a_test_message_that_arrives_says_so(engineer, receiver):
    url = f"https://hook.example.org/{secrets.token_hex(6)}"
    place = kept(engineer, **{"field.url": url})
    assert engineer.send(f"{place}/test").headers["location"] == place
    assert "the other side took it" in engineer.shown(place)
    assert [message.type for message in receiver.of(url)] == ["channel.test"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RemoteRefused("it said <b>no_such_channel</b>"), "it said &lt;b&gt;no_such_channel&lt;/b&gt;"),
        (RemoteUnavailable("nobody answers there"), "nobody answers there"),
    ],
)
def test_a_test_message_that_does_not_says_it_in_the_other_sides_words(engineer, receiver, error, words):
    url = f"https://hook.example.org/{secrets.token_hex(6)}"
    receiver.moods[url] = error
    place = kept(engineer, **{"field.url": url})
    page = engineer.send(f"{place}/test")
    assert page.status_code == 424
    assert words in page.text
    headers = {"HX-Request": "true", "Sec-Fetch-Site": "same-origin", "X-Form-Token": engineer.token}
    part = engineer.client.post(f"{place}/test", headers=headers)
    assert words in part.text
    assert "<html" not in part.text


def test_the_list_says_how_the_last_message_of_each_ended(engineer, installation):
    shown, address = "", "/channels"
    while address:  # other tests keep channels too, so it may stand on a later page
        page = engineer.shown(address)
        shown += page
        older = re.search(r'href="([^"]+)">Show older ones', page)
        address = html.unescape(older[1]) if older else ""
    assert f"/deliveries/{installation.here.things.delivery}" in shown
    assert "waiting" in shown


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_text(engineer, name):
    place = kept(engineer, name=f"{name[:180]}{secrets.token_hex(4)}")
    for page in (place, "/channels", "/rules/new"):
        assert is_shown_harmlessly(name[:180], engineer.shown(page))


def test_a_name_with_signs_that_turn_text_around_is_refused(engineer):
    assert engineer.send("/channels/new?kind=hook", **entered(name="duty\u202egnp.exe")).status_code == 422


def test_where_there_is_none_the_page_says_what_belongs_there(browse, installation):
    people = people_of(installation.shared)
    tenant = people.create_tenant(name=f"bare {secrets.token_hex(4)}")
    membership = people.membership(Asked(tenant.id, "the tests"))
    user = membership.create_user(
        email=f"{secrets.token_hex(4)}@example.org", name="Bo", role=Role.ADMIN, password="a sentence of the tests"
    )
    token = people.open_browser_session(tenant_id=tenant.id, user_id=user.id).token
    stranger = browse(None)
    stranger.client.cookies.set(SESSION, token)
    assert "Nobody outside is told of anything yet" in stranger.shown("/channels")
    assert "No channel is told of anything yet" in stranger.shown("/rules")
    assert "There is no channel to tell yet" in stranger.shown("/rules/new")
    assert "Nothing was sent yet" in stranger.shown("/deliveries")
    assert "No program has a key yet" in stranger.shown("/admin/keys")

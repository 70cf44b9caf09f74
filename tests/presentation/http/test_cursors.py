"""Lists in pages: every item once, and a cursor that leads on in its own list only."""

import base64
import itertools

import pytest

from pynomaly.domain.access import Role
from pynomaly.presentation.http.bounds import BOUNDS

LISTS = ("datasets", "detectors", "detections", "jobs", "schedules", "users", "api-keys", "audit")


@pytest.fixture(scope="module", autouse=True)
def some_of_everything(here):
    """At least three items in every list."""
    used = {"detector_id": here.things.detector, "dataset_id": here.things.dataset}
    octets = {"Content-Type": "application/octet-stream"}
    for number in range(3):
        name = {"name": f"listed {number}"}
        here.post("/datasets", params=name, content=b"a,b\n1,2\n3,4\n%d,6\n" % number, headers=octets)
        here.post("/detectors", json=name)
        here.post("/detections", json=used)
        here.post(f"/detectors/{here.things.detector}/train", json={"dataset_id": here.things.dataset})
        here.post("/schedules", json={**name, "cron": "0 6 * * *", "kind": "train", **used})
        here.post("/api-keys", json={**name, "permissions": ["read"]})


def page_of(here, noun, **where):
    return here.get(f"/{noun}", Role.ADMIN, params=where)


@pytest.mark.parametrize("noun", LISTS)
def test_every_item_comes_once_whatever_the_size_of_the_page(here, noun):
    whole = page_of(here, noun, limit=BOUNDS.page.most)
    assert whole["next_cursor"] is None
    for limit in (1, 2, len(whole["items"])):
        items, cursor = [], None
        for _ in itertools.count():
            page = page_of(here, noun, limit=limit, **({"cursor": cursor} if cursor else {}))
            items += page["items"]
            assert len(page["items"]) <= limit
            if (cursor := page["next_cursor"]) is None:
                break
        assert items == whole["items"]


@pytest.mark.parametrize("noun", LISTS)
def test_a_cursor_that_was_tampered_with_leads_nowhere(here, noun):
    cursor = page_of(here, noun, limit=1)["next_cursor"]
    raw = base64.urlsafe_b64decode(cursor)
    flipped = [raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :] for place in range(len(raw))]
    forged = [base64.urlsafe_b64encode(one).decode() for one in (*flipped, raw[:-1], raw + b"\0", b"")]
    for wrong in (*filter(None, forged), cursor[:-1], "0", "eyJhbGciOiJub25lIn0"):
        answer = here.ask("GET", f"/{noun}", params={"limit": 1, "cursor": wrong})
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unknown-cursor"), wrong


def test_a_cursor_belongs_to_one_list_with_its_filters(here):
    cursors = {noun: page_of(here, noun, limit=1)["next_cursor"] for noun in LISTS}
    for given, asked in itertools.permutations(LISTS, 2):
        answer = here.ask("GET", f"/{asked}", params={"limit": 1, "cursor": cursors[given]})
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unknown-cursor"), (given, asked)
    for noun, where in (("jobs", {"kind": "train"}), ("detections", {"detector": here.things.detector})):
        assert here.ask("GET", f"/{noun}", params={"cursor": cursors[noun], **where}).status_code == 422


def test_a_cursor_belongs_to_one_workspace(installation, here):
    there = installation.elsewhere
    for noun in ("users", "api-keys", "audit"):
        cursor = there.get(f"/{noun}", Role.ADMIN, params={"limit": 1})["next_cursor"]
        answer = here.ask("GET", f"/{noun}", params={"limit": 1, "cursor": cursor})
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unknown-cursor")


@pytest.mark.parametrize(
    "where", ["limit=0", "limit=501", "limit=a", "limit=1&limit=2", "cursor=", "offset=3", "cursor=%00"]
)
def test_a_page_that_cannot_be_is_refused(here, where):
    assert here.ask("GET", f"/datasets?{where}").status_code in (400, 422)

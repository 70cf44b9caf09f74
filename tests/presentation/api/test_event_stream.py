"""Server-sent events over a real connection: nothing is lost and nothing comes twice, whoever hangs up when."""

import asyncio
import http.client
import json
import time
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from pynomaly.domain.access import Role
from pynomaly.domain.errors import Unavailable
from pynomaly.presentation.http.bounds import BOUNDS
from pynomaly.presentation.http.event_stream import streamed
from tests.presentation.http.served import served
from tests.service.in_line_worker import at_work
from tests.service.installed import HOST
from tests.service.waiting import finished


@dataclass(frozen=True)
class Event:
    id: int
    name: str
    data: dict


@pytest.fixture(scope="module")
def line(everywhere):
    """A way to follow addresses of this workspace."""
    with served(everywhere.application, BOUNDS) as server:

        @contextmanager
        def follow(path, *, after=None, role=Role.ADMIN):
            connection = http.client.HTTPConnection(*server.address, timeout=10)
            headers = {"Host": HOST, "Authorization": f"Bearer {everywhere.here.tokens[role]}"}
            headers |= {} if after is None else {"Last-Event-ID": str(after)}
            connection.request("GET", f"/api/v1{path}", headers=headers)
            answer = connection.getresponse()
            try:
                yield answer
            finally:
                answer.close()
                connection.close()

        yield follow


def events_of(answer, most=1000):
    """Yield events until there is an end, or enough."""
    assert (answer.status, answer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    fields = {}
    while most and (text := answer.readline().decode()):
        if text.startswith(":"):
            continue
        if text != "\n":
            name, _, value = text.rstrip("\n").partition(": ")
            fields[name] = value
        elif fields:
            yield Event(int(fields["id"]), fields["event"], json.loads(fields["data"]))
            fields, most = {}, most - 1


def trained(everywhere):
    here = everywhere.here
    job = here.post(f"/detectors/{here.things.detector}/train", json={"dataset_id": here.things.dataset})
    return job["id"]


def test_a_job_is_followed_from_its_first_state_to_its_end(everywhere, line):
    job = trained(everywhere)
    with line(f"/jobs/{job}/events") as answer, at_work(everywhere.shared):
        told = [*events_of(answer)]
    assert [event.id for event in told] == list(range(1, len(told) + 1))
    states = [event.data["status"] for event in told if event.name == "state"]
    assert states == ["queued", "running", "succeeded"]
    assert told[-1].name == "end"
    assert everywhere.here.get(f"/jobs/{job}")["status"] == "succeeded"


def test_whoever_hangs_up_goes_on_where_they_were(everywhere, line):
    job = trained(everywhere)
    with at_work(everywhere.shared):
        finished(everywhere.here, job)
    with line(f"/jobs/{job}/events") as answer:
        whole = [*events_of(answer)]
    for n_heard in range(len(whole)):
        with line(f"/jobs/{job}/events", after=n_heard) as answer:
            assert [*events_of(answer)] == whole[n_heard:]
    with line(f"/jobs/{job}/events", after=whole[-1].id) as answer:
        assert [*events_of(answer)] == []


def test_what_happens_in_the_workspace_is_followed_from_now_on(everywhere, line):
    here = everywhere.here
    with line("/events") as answer:
        assert answer.readline() == b": keep-alive\n"
        made = here.post("/detectors", json={"name": f"followed {time.monotonic_ns()}"})
        (event,) = events_of(answer, most=1)
    assert event.name == "DetectorCreated"
    assert event.data["payload"]["detector_id"] == made["id"]
    assert event.data["actor"] == f"user:{here.furniture.users[Role.ADMIN]}"


def test_what_happened_while_nobody_listened_is_told_once_it_is_asked_for(everywhere, line):
    here = everywhere.here
    newest = here.get("/audit", Role.ADMIN, params={"limit": 1})["items"][0]["sequence"]
    names = [f"unheard {number} {time.monotonic_ns()}" for number in range(3)]
    ids = [here.post("/detectors", json={"name": name})["id"] for name in names]
    with line("/events", after=newest) as answer:
        told = [*events_of(answer, most=3)]
    assert [event.id for event in told] == [newest + 1, newest + 2, newest + 3]
    assert [event.data["payload"]["detector_id"] for event in told] == ids
    with line("/events", after=newest + 2) as answer:
        assert [*events_of(answer, most=1)] == told[2:]


def test_a_stream_is_refused_like_any_other_question(everywhere, line):
    for path, role, status in (("/events", Role.ENGINEER, 403), (f"/jobs/{'0' * 32}/events", Role.ADMIN, 404)):
        with line(path, role=role) as answer:
            assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    with line("/events", after="-1") as answer:
        assert answer.status == 422


def test_whoever_claims_to_have_heard_of_more_than_there_is_hears_nothing(everywhere, line):
    job = trained(everywhere)
    with at_work(everywhere.shared):
        finished(everywhere.here, job)
    with line(f"/jobs/{job}/events", after=BOUNDS.sequence.most) as answer:
        assert [*events_of(answer)] == []


def test_a_stream_ends_where_no_more_can_be_read():
    async def events():
        yield b"id: 1\n\n"
        raise Unavailable("the database does not answer")

    async def received():
        return [piece async for piece in streamed(events()).body_iterator]

    assert asyncio.run(received()) == [b"id: 1\n\n"]

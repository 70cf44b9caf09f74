"""Bodies that are too much: refused before they are read, or as soon as it shows, and never kept in memory."""

import asyncio
import resource
import time
from pathlib import Path

import pytest

from pynomaly.domain.access import Role
from pynomaly.presentation.http.bounds import BOUNDS, MEBIBYTE
from tests.infrastructure.intake.hostile_files import hostile_files
from tests.presentation.http.served import BRIEF, read_all, served
from tests.service.installed import HOST, PREFIX
from tests.service.questions import ARROW

GIBIBYTE = 1024**3
CHUNK = b"1," * (32 * 1024)
OCTETS = "application/octet-stream"
MOST_GROWTH_BYTES = 64 * MEBIBYTE
ROUTES = {
    "/detectors": ("application/json", BOUNDS.json_bytes),
    "/scores": ("application/json", BOUNDS.score_bytes),
    "/scores?detector=birch%20watch": (ARROW, BOUNDS.arrow_bytes),
    "/datasets?name=endless": (OCTETS, BOUNDS.upload_bytes),
}


class Endless:
    """A body that goes on for a gibibyte; it notes how much of it was read, and how large this process became."""

    def __init__(self):
        self.n_bytes = 0
        self.largest = 0

    async def receive(self):
        await asyncio.sleep(0)
        self.n_bytes += len(CHUNK)
        self.largest = max(self.largest, resident_bytes())
        return {"type": "http.request", "body": CHUNK, "more_body": self.n_bytes < GIBIBYTE}


class Abandoned:
    """A body that ends in the middle, as its client went away."""

    def __init__(self, n_chunks):
        self.n_chunks = n_chunks

    async def receive(self):
        self.n_chunks -= 1
        return (
            {"type": "http.request", "body": CHUNK, "more_body": True}
            if self.n_chunks >= 0
            else {"type": "http.disconnect"}
        )


def resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def answer_to(installation, target, body, *, token=None, media_type="application/json", length=None):
    """Return the status and the headers of the answer to a body that comes piece by piece."""
    path, _, query = target.partition("?")
    headers = [(b"host", HOST.encode()), (b"content-type", media_type.encode())]
    headers += [(b"authorization", f"Bearer {token}".encode())] if token else []
    headers += [(b"content-length", str(length).encode())] if length is not None else []
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "http_version": "1.1", "method": "POST", "scheme": "http", "headers": headers}
    scope |= {"path": PREFIX + path, "raw_path": (PREFIX + path).encode(), "query_string": query.encode()}
    asyncio.run(installation.application({**scope, "client": ("203.0.113.9", 1)}, body.receive, send))
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


@pytest.fixture
def nothing_left(installation):
    """See that no file of a refused upload stays."""
    folder = installation.shared.settings.home / "incoming"
    yield
    assert not folder.exists() or list(folder.iterdir()) == []


@pytest.mark.parametrize("target", ROUTES)
def test_a_gibibyte_that_is_announced_is_refused_unread(installation, here, nothing_left, target):
    body = Endless()
    media_type, _ = ROUTES[target]
    token = here.tokens[Role.ADMIN]
    status, headers = answer_to(installation, target, body, token=token, media_type=media_type, length=GIBIBYTE)
    assert (status, headers["content-type"]) == (413, "application/problem+json")
    assert headers["connection"] == "close"
    assert body.n_bytes == 0


@pytest.mark.parametrize("target", ROUTES)
def test_a_gibibyte_that_is_not_announced_is_refused_at_its_limit(installation, here, nothing_left, target):
    body = Endless()
    media_type, limit = ROUTES[target]
    before = resident_bytes()
    status, headers = answer_to(installation, target, body, token=here.tokens[Role.ADMIN], media_type=media_type)
    assert (status, headers["content-type"]) == (413, "application/problem+json")
    assert limit < body.n_bytes <= limit + 2 * len(CHUNK)
    assert body.largest - before <= MOST_GROWTH_BYTES


@pytest.mark.parametrize("target", ROUTES)
def test_nobodys_body_is_not_read_at_all(installation, nothing_left, target):
    for token in (None, "nonsense"):
        body = Endless()
        media_type, _ = ROUTES[target]
        status, _ = answer_to(installation, target, body, token=token, media_type=media_type)
        assert (status, body.n_bytes) == (401, 0)


@pytest.mark.parametrize("target", ROUTES)
def test_of_a_body_that_breaks_off_nothing_stays(installation, here, nothing_left, target):
    media_type, _ = ROUTES[target]
    token = here.tokens[Role.ADMIN]
    status, headers = answer_to(installation, target, Abandoned(3), token=token, media_type=media_type)
    assert (status, headers["content-type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("target", ROUTES)
def test_a_body_that_hardly_comes_is_not_waited_for(installation, here, nothing_left, target):
    media_type, _ = ROUTES[target]
    head = (
        f"POST {PREFIX}{target} HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {here.tokens[Role.ADMIN]}\r\n"
        f"Content-Type: {media_type}\r\nContent-Length: 1000\r\n\r\n"
    )
    with served(installation.application, BRIEF) as server, server.connect() as connection:
        connection.sendall(head.encode())
        for _ in range(5):
            connection.sendall(b"1")
            time.sleep(0.02)
        answer = read_all(connection)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"application/problem+json" in answer
    assert b"/problems/request-timeout" in answer


REFUSED = (
    "gzip_bomb_3_gib.csv.gz",
    "zstd_bomb_20_gib.csv.zst",
    "600_million_rows.parquet",
    "lists_that_overlap.arrows",
    "billion_laughs.xlsx",
    "10_001_columns.csv",
    "database.parquet",
    "script.csv",
    "digits_5000.jsonl",
)
TAKEN = ("number_of_no_measure.xlsx", "formulas.csv", "ragged.csv", "utf16.json", "table.exe", "overlong_utf8.csv")
"""Odd, but tables: what is in them has to come out as JSON again."""


@pytest.fixture(scope="module")
def corpus():
    files = hostile_files()
    return {name: files[name] for name in (*REFUSED, *TAKEN)}


def test_a_file_that_means_harm_gets_a_verdict_and_leaves_nothing(here, nothing_left, corpus):
    before = resident_bytes()
    for name in REFUSED:
        answer = upload(here, name, corpus[name])
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), (name, answer)
        assert answer.elapsed.total_seconds() < 12, name
    assert resident_bytes() - before <= MOST_GROWTH_BYTES
    assert here.get("/health/ready")["status"] == "ok"


@pytest.mark.parametrize("name", TAKEN)
def test_an_odd_table_is_shown_as_it_was_understood(here, nothing_left, corpus, name):
    answer = upload(here, name, corpus[name])
    assert answer.status_code == 201, answer.text
    where = f"/datasets/{answer.json()['id']}"
    assert here.get(f"{where}/preview")["columns"]
    assert here.get(f"{where}/profile")["n_rows"] == answer.json()["n_rows"]


def upload(here, name, content):
    where, headers = {"name": f"hostile {name}"}, {"Content-Type": OCTETS}
    return here.ask("POST", "/datasets", params=where, content=content, headers=headers)


@pytest.mark.parametrize("name", ["600_million_rows.parquet", "lists_that_overlap.arrows", "table.exe"])
@pytest.mark.parametrize("media_type", [ARROW, "application/vnd.apache.parquet"])
def test_a_file_that_means_harm_is_not_scored_either(here, corpus, name, media_type):
    answer = here.ask(
        "POST",
        "/scores",
        params={"detector": here.things.detector},
        content=corpus[name],
        headers={"Content-Type": media_type},
    )
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), answer.text

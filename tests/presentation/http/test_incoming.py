import os
import time

import anyio
import pytest
from starlette.requests import Request

from pynomaly.domain.errors import EmptyDataset
from pynomaly.presentation.http.incoming import ABANDONED_AFTER_SECONDS, Incoming
from pynomaly.presentation.http.refusals import MalformedRequest

MEGABYTE = 1024**2


@pytest.fixture
def incoming(tmp_path):
    return Incoming(tmp_path / "incoming")


def _request(*messages):
    waiting = list(messages)

    async def receive():
        return waiting.pop(0)

    return Request({"type": "http", "method": "POST", "path": "/", "headers": []}, receive)


def _body(*chunks):
    last = {"type": "http.request", "body": b"", "more_body": False}
    return [*({"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks), last]


def _receive(incoming, *messages):
    """Return the name and the content of the file that a request's body became, while it was lent."""

    async def receive():
        async with incoming.received(_request(*messages)) as path:
            return path, path.read_bytes()

    return anyio.run(receive)


def test_a_body_is_a_file_for_as_long_as_it_is_needed(incoming) -> None:
    path, content = _receive(incoming, *_body(b"a,b\n", b"1" * 3 * MEGABYTE))
    assert content == b"a,b\n" + b"1" * 3 * MEGABYTE
    assert path.parent == incoming.folder
    assert list(incoming.folder.iterdir()) == []


def test_an_empty_body_is_no_dataset(incoming) -> None:
    with pytest.raises(EmptyDataset):
        _receive(incoming, *_body())
    assert list(incoming.folder.iterdir()) == []


def test_of_a_client_that_goes_away_nothing_stays(incoming) -> None:
    with pytest.raises(MalformedRequest, match="ended before its body did"):
        _receive(incoming, _body(b"1" * 2 * MEGABYTE)[0], {"type": "http.disconnect"})
    assert list(incoming.folder.iterdir()) == []


def test_what_a_killed_server_left_is_swept_once_it_is_nobodys(incoming) -> None:
    incoming.folder.mkdir()
    abandoned = [incoming.folder / name for name in ("0123.part", "0123.arrow", "89ab.csv")]
    at_work = incoming.folder / "4567.part"
    long_ago = time.time() - ABANDONED_AFTER_SECONDS - 60
    for path in (*abandoned, at_work):
        path.touch()
    for path in abandoned:
        os.utime(path, (long_ago, long_ago))
    _receive(incoming, *_body(b"a\n1\n"))
    assert list(incoming.folder.iterdir()) == [at_work]


def test_a_folder_that_can_be_written_is_ready(incoming) -> None:
    incoming.check()
    assert list(incoming.folder.iterdir()) == []

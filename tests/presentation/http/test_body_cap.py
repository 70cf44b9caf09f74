"""Bodies are counted as they come."""

from pynomaly.presentation.http.edge import at_the_edge
from tests.presentation.http.walled import answer, application, client


def test_a_body_within_the_limit_is_streamed():
    assert client().post("/stream", content=b"x" * 1000).json() == 1000


def test_a_body_past_the_limit_is_refused_and_the_connection_with_it():
    response = client().post("/stream", content=b"x" * 1001)
    assert (response.status_code, response.headers["connection"]) == (413, "close")


def test_an_announced_length_past_the_limit_is_refused_unread():
    app = at_the_edge(application(), body_limit=1000)
    for length in (b"1001", b"9" * 100):
        headers = ((b"host", b"localhost"), (b"content-length", length))
        assert answer(app, path="/stream", method="POST", headers=headers)[0] == 413


def test_a_body_is_counted_while_it_streams():
    pieces = [{"type": "http.request", "body": b"x" * 300, "more_body": True} for _ in range(5)]
    app = at_the_edge(application(), body_limit=1000)
    assert answer(app, path="/stream", method="POST", messages=pieces)[0] == 413
    headers = ((b"host", b"localhost"), (b"content-length", b"10"))
    assert answer(app, path="/stream", method="POST", messages=pieces, headers=headers)[0] == 413

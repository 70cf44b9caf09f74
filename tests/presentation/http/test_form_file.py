import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from pynomaly.domain.errors import Forbidden, InvalidRequest
from pynomaly.presentation.http.form_file import MOST_FIELD_BYTES, MOST_PARTS, FormFile
from pynomaly.presentation.http.refusals import MalformedRequest

BOUNDARY = "gh7-line"
TOKEN = ('form-data; name="form_token"', b"a token")
FILE = ('form-data; name="file"; filename="orders.csv"', b"amount,country\r\n1,DE\r\n--gh7\r\n")


def form(*parts, end="--"):
    written = b"".join(
        f"--{BOUNDARY}\r\nContent-Disposition: {what}\r\n\r\n".encode() + content + b"\r\n" for what, content in parts
    )
    return written + f"--{BOUNDARY}{end}\r\n".encode()


def read(body, *, n_bytes=7, content_type=f"multipart/form-data; boundary={BOUNDARY}", check=lambda _fields: None):
    """Return the name and the content of the file in a form that comes in pieces of a few bytes."""
    chunks = [body[at : at + n_bytes] for at in range(0, len(body), n_bytes)]
    messages = [{"type": "http.request", "body": one, "more_body": True} for one in chunks]
    messages.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive():
        return messages.pop(0)

    headers = [(b"content-type", content_type.encode())]
    request = Request({"type": "http", "method": "POST", "path": "/", "headers": headers}, receive)
    sent = FormFile(check)

    async def taken():
        return sent.name, b"".join([piece async for piece in sent.pieces(request)])

    _, content = anyio.run(taken)
    return sent.name, content


@given(n_bytes=st.integers(1, 400))
def test_a_file_comes_out_as_it_went_in_whatever_the_pieces(n_bytes):
    assert read(form(TOKEN, FILE), n_bytes=n_bytes) == ("orders.csv", FILE[1])


def test_what_stood_before_the_file_is_told_when_it_begins_and_may_end_the_reading():
    heard = []
    read(form(TOKEN, FILE), check=heard.append)
    assert heard == [{"form_token": "a token"}]

    def refuse(fields):
        raise Forbidden(f"not with {fields}")

    with pytest.raises(Forbidden, match="not with"):
        read(form(FILE, TOKEN), check=refuse)


def test_a_form_in_which_nothing_was_chosen_says_so():
    for parts in ([TOKEN], [TOKEN, ('form-data; name="file"; filename=""', b"")]):
        with pytest.raises(InvalidRequest, match="no file was chosen"):
            read(form(*parts))


def test_a_second_file_is_refused():
    with pytest.raises(InvalidRequest, match="one file at a time"):
        read(form(TOKEN, FILE, FILE))


@pytest.mark.parametrize(
    "body",
    [
        form(TOKEN, FILE, end=""),
        form(TOKEN, FILE)[:-20],
        b"amount,country\n1,DE\n",
        form(('form-data; name="x"', b"y" * (MOST_FIELD_BYTES + 1)), FILE),
        form(*[TOKEN] * MOST_PARTS, FILE),
    ],
    ids=["no end", "cut off", "no form", "a field too long", "too many parts"],
)
def test_a_form_that_is_none_is_malformed(body):
    with pytest.raises(MalformedRequest):
        read(body)


def test_a_form_without_a_boundary_is_malformed():
    with pytest.raises(MalformedRequest, match="told apart"):
        read(form(FILE), content_type="multipart/form-data")


@given(st.binary(max_size=300))
def test_any_bytes_are_a_form_or_are_refused(body):
    try:
        read(body, n_bytes=50)
    except (MalformedRequest, InvalidRequest):
        return
    assert BOUNDARY.encode() in body

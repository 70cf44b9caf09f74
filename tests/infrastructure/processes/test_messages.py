import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.infrastructure.processes.messages import (
    MAX_MESSAGE_BYTES,
    GarbledMessage,
    Inbox,
    Message,
    encoded,
)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(contents=st.lists(JSON, max_size=5), cut=st.integers(1, 50))
def test_messages_arrive_however_the_stream_is_cut(contents: list[object], cut: int) -> None:
    stream = b"".join(encoded("progress", content) for content in contents)  # type: ignore[arg-type]
    inbox = Inbox()
    heard = [said for start in range(0, len(stream), cut) for said in inbox.take(stream[start : start + cut])]
    assert heard == [Message("progress", content) for content in contents]  # type: ignore[arg-type]


@given(noise=st.binary(max_size=300))
def test_noise_is_garbled_or_nothing_yet(noise: bytes) -> None:
    try:
        assert list(Inbox().take(noise)) == []
    except GarbledMessage:
        assert b"\n" in noise


def test_what_is_held_of_an_unfinished_message_is_bounded() -> None:
    inbox = Inbox()
    list(inbox.take(b"x" * MAX_MESSAGE_BYTES))
    with pytest.raises(GarbledMessage, match="without end"):
        list(inbox.take(b"x"))


def test_what_is_too_long_or_no_json_is_not_sent() -> None:
    with pytest.raises(ValueError, match="longer than"):
        encoded("result", "x" * MAX_MESSAGE_BYTES)
    with pytest.raises(ValueError, match="Out of range"):
        encoded("result", float("inf"))

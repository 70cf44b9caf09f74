import pytest

from pynomaly.domain.errors import RemoteRefused, RemoteUnavailable
from pynomaly.infrastructure.notifications.replies import require_delivered
from tests.infrastructure.notifications.places import Answer


def _read(answer: Answer) -> None:
    require_delivered(answer, "own.example", ["t0ken-of-hook"])


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_a_success_is_a_delivery(status: int) -> None:
    _read(Answer(status, b"whatever"))


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
def test_what_may_pass_is_tried_again_when_the_receiver_says(status: int) -> None:
    with pytest.raises(RemoteUnavailable, match=f"^own.example answered {status}: come back$") as raised:
        _read(Answer(status, b"come back\n", 42.0))
    assert raised.value.retry_after_seconds == 42.0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 418, 422, 100, 199])
def test_any_other_answer_is_final(status: int) -> None:
    with pytest.raises(RemoteRefused, match=f"^own.example answered {status}: go away$"):
        _read(Answer(status, b"go away"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_final_and_said_to_be_one(status: int) -> None:
    with pytest.raises(RemoteRefused, match=f"answered {status}; redirects are not followed"):
        _read(Answer(status))


@pytest.mark.parametrize("status", [302, 404, 503])
def test_no_answer_gives_a_secret_away(status: int) -> None:
    with pytest.raises((RemoteRefused, RemoteUnavailable)) as raised:
        _read(Answer(status, b"no /t0ken-of-hook here"))
    assert "t0ken" not in str(raised.value)

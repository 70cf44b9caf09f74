"""Signed requests, verified by the independent implementation of those who wrote the standard."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from pynomaly.domain.errors import DestinationRefused, InvalidRequest, RemoteRefused
from pynomaly.infrastructure.notifications.webhook import KIND, WebhookNotifier
from tests.infrastructure.notifications.places import MESSAGE, NOON, Answer, Post, Receiver, outside

URL = "https://own.example/hooks/t0ken-of-hook?key=k3y-of-hook"


def _secret(n_bytes: int = 32, first: int = 0) -> str:
    return "whsec_" + base64.b64encode(bytes(range(first, first + n_bytes))).decode()


def _opened(receiver: Receiver | None = None, secret: str | None = None, clock=lambda: datetime.now(UTC)):
    values = KIND.checked({"url": URL, "secret": secret or _secret()})
    return WebhookNotifier.opened(values, outside(receiver, clock=clock))


@pytest.mark.parametrize("n_bytes", [24, 25, 32, 64])
def test_a_receiver_can_verify_what_it_gets(n_bytes: int) -> None:
    receiver = Receiver()
    _opened(receiver, _secret(n_bytes)).send(MESSAGE)
    (post,) = receiver.posts
    assert (post.url, post.headers["Content-Type"]) == (URL, "application/json")
    assert Webhook(_secret(n_bytes)).verify(post.body, dict(post.headers)) == {
        "type": "anomalies.found",
        "timestamp": "2026-03-01T12:00:00+00:00",
        "data": {**MESSAGE.data, "title": MESSAGE.title, "text": MESSAGE.text},
    }


def _heard() -> Post:
    receiver = Receiver()
    _opened(receiver).send(MESSAGE)
    return receiver.posts[0]


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("webhook-id", lambda text: text + "0"),
        ("webhook-timestamp", lambda text: str(int(text) - 1)),
        ("webhook-signature", lambda text: text[:4] + ("B" if text[4] == "A" else "A") + text[5:]),
    ],
)
def test_a_header_that_was_altered_does_not_verify(name: str, changed) -> None:
    post = _heard()
    with pytest.raises(WebhookVerificationError):
        Webhook(_secret()).verify(post.body, {**post.headers, name: changed(post.headers[name])})


def test_a_body_that_was_altered_does_not_verify_and_nothing_does_under_another_secret() -> None:
    post = _heard()
    with pytest.raises(WebhookVerificationError):
        Webhook(_secret()).verify(post.body.replace(b'"n_anomalies":3', b'"n_anomalies":0'), dict(post.headers))
    with pytest.raises(WebhookVerificationError):
        Webhook(_secret(first=1)).verify(post.body, dict(post.headers))


def test_every_attempt_has_its_own_time_and_the_same_id() -> None:
    receiver = Receiver()
    times = iter([NOON, NOON + timedelta(hours=1)])
    channel = _opened(receiver, clock=lambda: next(times))
    channel.send(MESSAGE)
    channel.send(MESSAGE)
    first, second = (post.headers for post in receiver.posts)
    assert first["webhook-id"] == second["webhook-id"] == MESSAGE.id
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 3600
    assert first["webhook-signature"] != second["webhook-signature"]
    assert receiver.posts[0].body == receiver.posts[1].body


def test_while_secrets_change_receivers_may_know_either() -> None:
    receiver = Receiver()
    old, new = _secret(), _secret(first=100)
    _opened(receiver, f"{new} {old}").send(MESSAGE)
    (post,) = receiver.posts
    for secret in (old, new):
        assert Webhook(secret).verify(post.body, dict(post.headers))["type"] == "anomalies.found"


@pytest.mark.parametrize(
    "secret",
    [
        "hush",
        "whsec_",
        "whsec_hush!hush",
        _secret(23),
        _secret(65),
        _secret().removeprefix("whsec_"),
        f"{_secret()} hush",
        " ",
        " ".join([_secret()] * 5),
        _secret() + "ü",
    ],
)
def test_a_secret_that_is_none_is_refused_and_not_repeated(secret: str) -> None:
    with pytest.raises(InvalidRequest, match=r"'secret' (is whsec_ followed by 24 to 64|holds 1 to 4)") as raised:
        _opened(secret=secret)
    assert "hush" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_url_is_looked_at_before_anything_is_sent() -> None:
    def refuse(url: str) -> None:
        raise DestinationRefused("this is no URL")

    with pytest.raises(DestinationRefused):
        WebhookNotifier.opened({"url": "x", "secret": _secret()}, replace(outside(), check_url=refuse))


def test_whatever_a_receiver_repeats_no_error_holds_a_secret() -> None:
    echoed = f"no {URL} {_secret()} t0ken-of-hook".encode()
    channel = _opened(Receiver(Answer(404, echoed)))
    with pytest.raises(RemoteRefused, match=r"^own\.example answered 404: no \(hidden\) ") as raised:
        channel.send(MESSAGE)
    told = f"{raised.value} {channel!r}"
    assert not any(part in told for part in ("t0ken-of", "k3y-of", _secret()[6:20]))

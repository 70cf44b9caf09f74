"""The guide on channels: its fields, its request and its receiver are those of the code."""

import base64
import json
import re
from datetime import UTC, datetime

import pytest

from pynomaly.application import messages
from pynomaly.domain.filled_fields import filled
from pynomaly.infrastructure.notifications.catalog import Channels
from pynomaly.infrastructure.notifications.webhook import WebhookNotifier
from pynomaly.presentation.api.schemas.channels import NewChannel
from tests.infrastructure.notifications.places import Receiver, outside
from walkthrough import ROOT

PAGE = (ROOT / "docs/guides/telling-people.md").read_text(encoding="utf-8")
SECRET = "whsec_" + base64.b64encode(b"an example and no secret at all!").decode()
SENT_AT = datetime(2026, 3, 1, 12, 0, 2, tzinfo=UTC)
MESSAGE = messages.anomalies_found(
    "9b1d62f0c5e84d4f",
    datetime(2026, 3, 1, 12, tzinfo=UTC),
    detection_id="c6577abe",
    detector_id="5d1f0a3c",
    detector_name="Tumours",
    n_rows=367,
    n_anomalies=5,
    severity=93.1,
    severity_band="critical",
)


def _sent():
    receiver = Receiver()
    values = {"url": "https://own.example/hook", "secret": SECRET}
    WebhookNotifier.opened(values, outside(receiver, clock=lambda: SENT_AT)).send(MESSAGE)
    return receiver.posts[0]


def _verified():
    """Return the receiver's check as the guide has it."""
    (block,) = [body for body in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if "def verified(" in body]
    names: dict = {"base64": base64}
    exec(block, names)  # noqa: S102 - what a reader would paste
    return names["verified"]


def test_the_request_that_the_guide_shows_is_the_one_that_is_sent() -> None:
    post = _sent()
    shown = "".join(f"{name}: {value}\n" for name, value in post.headers.items()) + "\n" + post.body.decode()
    assert f"```http\nPOST /hook HTTP/1.1\n{shown}\n```" in PAGE
    assert f"`{SECRET}`" in PAGE


def test_the_receiver_of_the_guide_believes_that_request_and_no_other() -> None:
    post, verified, now = _sent(), _verified(), SENT_AT.timestamp()
    assert verified(post.headers, post.body, SECRET, now) == json.loads(post.body)
    later = {**post.headers, "webhook-timestamp": str(int(now) + 1)}
    for headers, body, secret, at in [
        (post.headers, post.body + b" ", SECRET, now),
        (post.headers, post.body, "whsec_" + "A" * 32, now),
        (post.headers, post.body, SECRET, now + 301),
        (post.headers, post.body, SECRET, now - 301),
        ({**post.headers, "webhook-id": "another"}, post.body, SECRET, now),
        ({**post.headers, "webhook-signature": "v1,"}, post.body, SECRET, now),
        ({**post.headers, "webhook-signature": "v1,ü"}, post.body, SECRET, now),
        (later, post.body, SECRET, now),
    ]:
        with pytest.raises(ValueError, match=r"sent too long ago|not signed with our secret"):
            verified(headers, body, secret, at)


def test_every_field_of_every_kind_is_described_with_its_default_and_whether_it_is_secret() -> None:
    for kind in Channels(outside()).kinds():
        for field in kind.fields:
            (row,) = re.findall(rf"^\| `{field.name}` \|(.*?)\| .* \|$", _section(kind.name), re.MULTILINE)
            marks = ["secret"] * field.is_secret + ["optional"] * (not field.is_required)
            assert row.strip() == (f"`{field.default}`" if field.default is not None else ", ".join(marks))


def test_the_fields_that_say_where_a_channel_leads_are_named() -> None:
    (named,) = re.findall(r"says where the channel leads \(([^)]*)\)", PAGE)
    places = [field.name for kind in Channels(outside()).kinds() for field in kind.fields if field.is_place]
    assert re.findall(r"`(\w+)`", named) == list(dict.fromkeys(places))


def test_the_examples_are_what_the_kinds_take() -> None:
    catalog = Channels(outside())
    for name in ("slack", "email"):
        (example,) = re.findall(rf"```json {name}.json\n(.*?)```", PAGE, re.DOTALL)
        body = NewChannel.model_validate_json(example)
        held = filled(catalog.kind(body.kind), body.settings, body.secrets)
        assert catalog.open(body.kind, {**held.settings, **held.secrets})


def test_every_type_of_message_is_described_with_its_data() -> None:
    told = [
        MESSAGE,
        messages.job_failed("m", SENT_AT, job_id="j", job_kind="train"),
        messages.channel_test("m", SENT_AT, channel_id="c", channel_name="ops"),
    ]
    for message in told:
        assert f"| `{message.type}` | {', '.join(f'`{name}`' for name in message.data)} |" in PAGE


def _section(kind: str) -> str:
    title = {"slack": "Slack", "email": "E-mail", "webhook": "A program of yours"}[kind]
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]

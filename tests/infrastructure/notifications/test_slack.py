import json
from dataclasses import replace

import pytest

from pynomaly.domain.errors import DestinationRefused, RemoteRefused, RemoteUnavailable
from pynomaly.infrastructure.notifications.slack import KIND, SlackNotifier
from tests.infrastructure.notifications.places import MESSAGE, Answer, Receiver, outside

URL = "https://own.example/services/T01/B02/t0ken-of-slack"


def _opened(receiver: Receiver) -> SlackNotifier:
    return SlackNotifier.opened(KIND.checked({"url": URL}), outside(receiver))


def _posted(message) -> dict:
    receiver = Receiver()
    _opened(receiver).send(message)
    (post,) = receiver.posts
    assert (post.url, post.headers) == (URL, {"Content-Type": "application/json"})
    return json.loads(post.body)


def test_a_message_is_a_title_and_a_text() -> None:
    posted = _posted(MESSAGE)
    assert posted["text"] == MESSAGE.title
    assert [(block["type"], block["text"]["text"]) for block in posted["blocks"]] == [
        ("header", MESSAGE.title),
        ("section", MESSAGE.text),
    ]


def test_a_name_becomes_no_mention_no_link_and_no_markup() -> None:
    name = "<!channel> <https://evil.example|click> *bold* & :tada:"
    posted = _posted(replace(MESSAGE, title=name, text=name))
    assert posted["text"] == "&lt;!channel&gt; &lt;https://evil.example|click&gt; *bold* &amp; :tada:"
    assert [(block["text"]["type"], block["text"]["emoji"]) for block in posted["blocks"]] == [
        ("plain_text", False)
    ] * 2


def test_what_is_too_long_for_a_block_is_cut() -> None:
    posted = _posted(replace(MESSAGE, title="t" * 151, text="x" * 3001))
    title, text = (block["text"]["text"] for block in posted["blocks"])
    assert (title, text) == ("t" * 149 + "…", "x" * 2999 + "…")


def test_an_answer_decides_what_becomes_of_the_message_and_holds_no_secret() -> None:
    with pytest.raises(RemoteRefused, match=r"^own\.example answered 410: channel_is_archived$"):
        _opened(Receiver(Answer(410, b"channel_is_archived"))).send(MESSAGE)
    with pytest.raises(RemoteUnavailable) as raised:
        _opened(Receiver(Answer(429, b"slower: " + URL.encode(), 30.0))).send(MESSAGE)
    assert raised.value.retry_after_seconds == 30.0
    assert "t0ken" not in str(raised.value)


def test_a_url_is_looked_at_before_anything_is_sent() -> None:
    def refuse(url: str) -> None:
        raise DestinationRefused("this is no URL")

    with pytest.raises(DestinationRefused):
        SlackNotifier.opened({"url": "x"}, replace(outside(), check_url=refuse))


def test_it_does_not_show_where_it_posts() -> None:
    assert "t0ken" not in repr(_opened(Receiver()))

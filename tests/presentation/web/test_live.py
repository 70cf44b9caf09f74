import anyio
from starlette.requests import Request

from pynomaly.presentation.web.live import Told, _name, followed


def follow(parts, *, last=""):
    """Return what a stream sends that looks at each part in turn; the last one is final."""
    told = [Told(part, is_final=number == len(parts)) for number, part in enumerate(parts, 1)]

    async def receive():
        await anyio.sleep_forever()

    headers = [(b"last-event-id", last.encode())] if last else []
    request = Request({"type": "http", "headers": headers}, receive)

    async def taken():
        answer = await followed(request, lambda: told.pop(0))
        return b"".join([one async for one in answer.body_iterator]).decode()

    return anyio.run(taken)


def test_a_part_is_sent_again_only_when_it_looks_different():
    sent = follow(["<p>40 %</p>", "<p>40 %</p>", "<p>done</p>"])
    assert sent.split("\n\n") == [
        f"id: {_name('<p>40 %</p>')}\ndata: <p>40 %</p>",
        f"id: {_name('<p>done</p>')}\ndata: <p>done</p>",
        "id: 0\nevent: end\ndata: {}",
        "",
    ]


def test_whoever_comes_back_is_not_told_what_was_seen():
    sent = follow(["<p>40 %</p>", "<p>done</p>"], last=_name("<p>40 %</p>"))
    assert "40 %" not in sent
    assert "done" in sent

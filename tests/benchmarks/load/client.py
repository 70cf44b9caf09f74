"""A client that keeps some connections busy, bounded in requests and time, and measures every answer.

`python client.py` reads one JSON object from standard input and writes one to standard output.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field

import uvloop


@dataclass
class Tally:
    """What came back."""

    latencies: list[float] = field(default_factory=list)
    n_wrong: int = 0
    first_wrong: str = ""


async def keep_busy(port: int, request: bytes, tally: Tally, left: list[int], give_up_at: float) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**26)
    try:
        while left[0] > 0 and time.perf_counter() < give_up_at:
            left[0] -= 1
            began = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            body = await reader.readexactly(length)
            tally.latencies.append(time.perf_counter() - began)
            if not head.startswith(b"HTTP/1.1 200"):
                tally.n_wrong += 1
                tally.first_wrong = tally.first_wrong or (head + body)[:300].decode("latin-1")
    finally:
        writer.close()


async def main(order: dict) -> dict:
    request = bytes.fromhex(order["request"])
    left = [order["requests"]]
    tally = Tally()
    began = time.perf_counter()
    give_up_at = began + order["seconds"]
    await asyncio.gather(
        *(keep_busy(order["port"], request, tally, left, give_up_at) for _ in range(order["connections"]))
    )
    seconds = time.perf_counter() - began
    ordered = sorted(tally.latencies)
    return {
        "requests": len(ordered),
        "per_second": len(ordered) / seconds,
        "p50_ms": 1000 * ordered[len(ordered) // 2],
        "p99_ms": 1000 * ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))],
        "wrong": tally.n_wrong,
        "first_wrong": tally.first_wrong,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(uvloop.run(main(json.loads(sys.stdin.read())))))

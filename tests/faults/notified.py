"""Somebody who is told of findings through a webhook, and what is shown of it while the webhook hangs."""

import base64
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.faults.recovery import MOST_SECONDS
from tests.storms.flapping_receiver import FlappingReceiver
from tests.storms.honest_client import HonestClient
from tests.storms.storm_report import say

WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"a secret of these thirty-two byte").decode()
PATIENCE_SECONDS = 40.0


@dataclass(frozen=True, slots=True)
class Notified:
    """Looks at the deliveries as people do."""

    client: HonestClient
    receiver: FlappingReceiver

    def tell_of_findings(self) -> None:
        """Make the channel and the rule."""
        secrets = {"url": f"http://127.0.0.1:{self.receiver.port}/", "secret": WEBHOOK_SECRET}
        channel = self.client.ask("POST", "/channels", {"name": "hook", "kind": "webhook", "secrets": secrets})
        rule = {"name": "any", "occasion": "anomalies_found", "channel_ids": [channel.content["id"]]}
        made = self.client.ask("POST", "/notification-rules", rule)
        if made.status != 201:
            raise AssertionError(made.body)

    def faults_while_it_hangs(self) -> Iterator[str]:
        """Wait until a delivery says why it waits."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            reasons = {one["last_error"] for one in self._deliveries("waiting") if one["last_error"]}
            if reasons:
                say(f"deliveries say: {sorted(reasons)}")
                return
            time.sleep(0.5)
        yield "no delivery says that its receiver hangs"

    def faults_afterwards(self) -> Iterator[str]:
        """Wait until what had to wait has arrived: the deliveries that were open at the beginning of the wait."""
        began = time.monotonic()
        late = {one["id"] for status in ("waiting", "sending") for one in self._deliveries(status)}
        while late and time.monotonic() - began < PATIENCE_SECONDS:
            late -= {one.id for one in list(self.receiver.received)}
            time.sleep(0.1)
        seconds = time.monotonic() - began
        say(f"what had to wait has arrived {seconds:.1f} s after its receiver was well again")
        if late or seconds > MOST_SECONDS:
            yield f"{len(late)} deliveries had not arrived {seconds:.1f} s after their receiver was well again"

    def _deliveries(self, status: str) -> list[dict[str, str | None]]:
        items: list[dict[str, str | None]] = self.client.ask("GET", f"/deliveries?status={status}&limit=200").content[
            "items"
        ]
        return items

"""The couriers of a worker process: threads that send what the queue of messages has."""

import os
import random
import socket
import time
from collections.abc import Mapping

from pynomaly.application.ports.asking import Asked
from pynomaly.application.use_cases.send_delivery import SendDelivery
from pynomaly.assembly.adapters import Adapters
from pynomaly.domain.identifiers import LOCAL_TENANT
from pynomaly.infrastructure.jobs.courier import Courier
from pynomaly.infrastructure.jobs.side_threads import Duty
from pynomaly.infrastructure.persistence.delivery_queue import SqlDeliveryQueue

N_COURIERS = 6
N_FOR_THE_SOUND = 3
"""How many of the couriers leave channels alone whose last attempt failed."""


def couriers_of(shared: Adapters) -> Mapping[str, Duty]:
    """Return the couriers of this process, by name."""
    queue = delivery_queue_of(shared)
    send = SendDelivery(
        begin_reading_in=lambda asked: shared.transactions(asked).begin_reading(),
        notifiers=shared.notifiers,
        telemetry=shared.telemetry,
        seconds=time.monotonic,
        draw=random.random,
    )
    place = f"{socket.gethostname()[:100]}:{os.getpid()}"
    couriers = [
        Courier(f"{place}:{number}", queue, send, spares_troubled=number < N_FOR_THE_SOUND)
        for number in range(N_COURIERS)
    ]
    return {f"courier {number}": courier.run for number, courier in enumerate(couriers)}


def delivery_queue_of(shared: Adapters) -> SqlDeliveryQueue:
    """Return the queue of messages of the installation."""
    return SqlDeliveryQueue(shared.transactions(Asked(LOCAL_TENANT, "courier")).database, shared.clock)

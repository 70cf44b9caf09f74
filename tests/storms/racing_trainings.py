"""Many trainings of one detector, submitted at once and done by several workers."""

import uuid
from contextlib import closing

import numpy as np

from tests.at_once import at_once
from tests.storms.customers import Customer
from tests.storms.honest_client import HonestClient, turned
from tests.storms.ledger import JOBS, Action, Ledger, Promise


def race(client: HonestClient, ledger: Ledger, dataset: str, n_trainings: int) -> str:
    """Submit so many trainings at once, and wait for every job that was ever promised; return the detector's id."""
    rng = np.random.default_rng(0)
    detector = Customer(client, ledger, rng).create("isolation_forest")

    def submit(number: int) -> None:
        content = {"dataset_id": dataset, "seed": number}
        with closing(HonestClient(turned(client.ports, number), client.token)) as own:
            answer = own.ask("POST", f"/detectors/{detector}/train", content, key=uuid.uuid4().hex)
        ledger.write(Promise(Action.TRAIN, "", str(answer.content["id"]), detector))

    for failure in filter(None, at_once(n_trainings, submit)):
        raise failure
    Customer(client, ledger, rng, waiting=ledger.ids(*JOBS)).wait_for_all()
    return detector

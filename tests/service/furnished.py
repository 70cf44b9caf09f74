"""A workspace with somebody of each role in it and something of each kind; everything is named after one word."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.paging import Piece
from pynomaly.application.use_cases.route_notifications import RouteNotifications
from pynomaly.assembly.adapters import Adapters
from pynomaly.assembly.people import people_of
from pynomaly.assembly.workspace import open_workspace
from pynomaly.domain.access import ROLE_PERMISSIONS, Permission, Role
from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.identifiers import TenantId, UserId
from pynomaly.domain.job import JobKind
from pynomaly.domain.notification_rule import Occasion
from pynomaly.domain.verdict import VerdictAnswer
from tests.fakes.sources import PASSWORD as PASSWORD_OF_SHOP
from tests.fakes.sources import SHOP

PASSWORD = "correct horse battery staple"
N_ROWS, PLANTED = 300, (7, 99, 250)


@dataclass(frozen=True)
class Things:
    """The id of one thing of each kind; its name is the word and what it is."""

    dataset: str
    detector: str
    detection: str
    job: str
    schedule: str
    channel: str
    rule: str
    delivery: str
    source: str


@dataclass(frozen=True)
class Furnished:
    """What is in a workspace. word: stands in every name and nowhere else.  keys: texts by what they are good for."""

    word: str
    tenant_id: TenantId
    emails: Mapping[Role, str]
    users: Mapping[Role, UserId]
    keys: Mapping[Permission, str]
    key: str
    things: Things

    @property
    def ids(self) -> dict[str, str]:
        """The id of one thing of each kind, by the noun of its addresses."""
        things = self.things
        return {
            "datasets": things.dataset,
            "detectors": things.detector,
            "detections": things.detection,
            "jobs": things.job,
            "schedules": things.schedule,
            "channels": things.channel,
            "notification-rules": things.rule,
            "deliveries": things.delivery,
            "sources": things.source,
            "users": self.users[Role.VIEWER],
            "api-keys": self.key,
        }


def furnished(shared: Adapters, word: str, host: str = "example.org") -> Furnished:
    """Make a workspace and fill it; host: of everybody's email address, which is theirs alone everywhere."""
    tenant = people_of(shared).create_tenant(name=f"{word} of {host}")
    emails = {role: f"{word}.{role}@{host}" for role in Role}
    membership = people_of(shared).membership(Asked(tenant.id, "furniture"))
    create = partial(membership.create_user, password=PASSWORD)
    users = {role: create(email=emails[role], name=f"{word} {role}", role=role).id for role in Role}
    made = {one: _key(membership, f"{word} {one}", one) for one in Permission}
    spare, _ = _key(membership, f"{word} spare", Permission.READ)
    things = stocked(shared, Asked(tenant.id, f"user:{users[Role.ADMIN]}"), word)
    return Furnished(word, tenant.id, emails, users, {one: key[1] for one, key in made.items()}, spare.id, things)


def stocked(shared: Adapters, asked: Asked, word: str) -> Things:
    """Put something of each kind into a workspace; columns are named after the word too."""
    workspace, prefix = open_workspace(shared, asked), f"{word}_"
    roles = {f"{prefix}order": ColumnRole.IDENTIFIER, f"{prefix}odd": ColumnRole.LABEL}
    dataset, _ = workspace.register_dataset(
        source=rows(prefix=prefix), name=f"{word} orders", source_name="", roles=roles
    )
    parameters = {"n_trees": 20}
    detector = workspace.create_detector(name=f"{word} watch", algorithm="isolation_forest", parameters=parameters)
    for seed in (1, 2):
        workspace.train_detector(detector=detector.id, dataset=dataset.id, seed=seed)
    told = told_of_findings(shared, asked, word)
    look = workspace.detect_anomalies(detector=detector.id, dataset=dataset.id, n_strangest=20)
    judged = {"answer": VerdictAnswer.CONFIRMED, "note": f"{word} looked"}
    workspace.give_verdict(detection=look.detection.id, row=PLANTED[1], **judged)
    payload = {"detector_id": detector.id, "dataset_id": dataset.id}
    job = workspace.submit_job(kind=JobKind.TRAIN, payload=payload)
    workspace.cancel_job(job=job.id)
    schedule = workspace.create_schedule(
        name=f"{word} nightly", cron="0 3 * * *", time_zone="Europe/Berlin", kind=JobKind.DETECT, payload=payload
    )
    source = workspace.create_source(
        name=f"{word} shop", kind="postgresql", settings=SHOP, secrets={"password": PASSWORD_OF_SHOP}
    )
    delivery = routed(shared, asked)
    return Things(dataset.id, detector.id, look.detection.id, job.id, schedule.id, *told, delivery, source.id)


def told_of_findings(shared: Adapters, asked: Asked, word: str) -> tuple[str, str]:
    """Have a channel told of findings; return it and the rule that says so."""
    workspace = open_workspace(shared, asked)
    secrets = {"url": f"https://{word}.example.org/hook/{word}-token"}
    channel = workspace.create_channel(name=f"{word} duty", kind="hook", settings={}, secrets=secrets)
    rule = workspace.create_rule(name=f"{word} alarm", occasion=Occasion.ANOMALIES_FOUND, channels=[channel.id])
    return channel.id, rule.id


def routed(shared: Adapters, asked: Asked) -> str:
    """Make messages of what happened, and return the newest."""
    here = shared.transactions(asked)
    RouteNotifications(here.begin_reading, lambda of: shared.transactions(of).begin(), shared.clock)()
    return open_workspace(shared, asked).queries.delivery_page(Piece(1)).items[0].id


def refurnished(shared: Adapters, before: Furnished, word: str) -> Furnished:
    """Return a workspace with new things in it, named after a word of their own; the old ones may be anywhere."""
    actor = f"user:{before.users[Role.ADMIN]}"
    return replace(before, word=word, things=stocked(shared, Asked(before.tenant_id, actor), word))


def rows(seed: int = 7, prefix: str = "", n_rows: int = N_ROWS) -> pa.Table:
    """Return rows of which the planted ones are far out, and known to be."""
    rng = np.random.default_rng(seed)
    amount, speed = rng.normal(70.0, 9.0, n_rows), rng.normal(0.0, 1.0, n_rows)
    is_odd = np.isin(np.arange(n_rows), PLANTED)
    columns = {
        "order": [f"A-{number:05d}" for number in range(n_rows)],
        "amount": np.where(is_odd, amount * 9, amount),
        "speed": np.where(is_odd, speed + 11, speed),
        "device": rng.choice(["ios", "android", "web"], n_rows),
        "odd": is_odd,
    }
    return pa.table({f"{prefix}{name}": values for name, values in columns.items()})


def as_csv(table: pa.Table) -> bytes:
    """Return rows as the text of a CSV file."""
    sink = io.BytesIO()
    pa.csv.write_csv(table, sink)
    return sink.getvalue()


def as_arrow(table: pa.Table) -> bytes:
    """Return rows as an Arrow stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def _key(membership: Any, name: str, permission: Permission) -> Any:
    everything = ROLE_PERMISSIONS[Role.ADMIN]
    return membership.create_api_key(name=f"{name} key", permissions=[permission], days=30, of_creator=everything)

"""THE TABLE of use cases: what each records in the audit log, or why it records nothing."""

from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path

import pytest

from pynomaly.application.people import Membership, People
from pynomaly.application.ports.asking import KeyClaim, Reply, RequestKey
from pynomaly.application.ports.progress import nobody_listens
from pynomaly.application.workspace import Workspace
from pynomaly.bootstrap import build
from pynomaly.domain.access import Permission, Role
from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.decision import AlarmBudget
from pynomaly.domain.delivery import DeliveryStatus
from pynomaly.domain.errors import NotSignedIn
from pynomaly.domain.job import JobFailure, JobKind
from pynomaly.domain.notification_rule import Occasion
from pynomaly.domain.verdict import VerdictAnswer
from pynomaly.infrastructure.settings import Settings
from tests.application.use_cases.orders import orders
from tests.application.use_cases.people import PASSWORD
from tests.application.use_cases.told import ALL, events_of
from tests.fakes.notifiers import FakeNotifierCatalog
from tests.fakes.sources import PASSWORD as PASSWORD_OF_SHOP
from tests.fakes.sources import SHOP, FakeSources
from tests.infrastructure.persistence.examples import NOON, delivery, ready_workspace

BOTH = {"detector_id": "Fraud", "dataset_id": "orders"}
TRAINING = {"kind": JobKind.TRAIN, "payload": BOTH}
CLAIM = KeyClaim(RequestKey("user:ada", "POST /jobs", "k"), "t", lambda _: Reply(200, (), b""))
FAILED = {"failure": JobFailure("TooFewRows", "1 row"), "is_final": True, "is_crash": False}
KEY = {"name": "nightly", "permissions": {Permission.SCORE}, "days": 30, "of_creator": {Permission.SCORE}}

MARCH = {"source": orders(), "name": "march", "source_name": "", "roles": {"is_late": ColumnRole.LABEL}}
VAULT = {"name": "shop", "kind": "postgresql", "settings": SHOP, "secrets": {"password": PASSWORD_OF_SHOP}}
READING = "it only reads"
ON_THE_WAY = "nothing of the workspace has changed by it"
WORKSPACE = (
    ("register_dataset", MARCH, ["DatasetRegistered"]),
    ("change_dataset", {"dataset": "march", "name": "orders"}, ["DatasetChanged"]),
    ("create_source", VAULT, ["SourceCreated"]),
    ("change_source", {"source": "shop", "secrets": {"password": PASSWORD_OF_SHOP}}, ["SourceChanged"]),
    ("open_source", {"source": "shop"}, READING),
    ("check_source", {"source": "shop"}, READING),
    ("pull_dataset", {"source": "opened", "selection": {"table": "entries"}}, ["DatasetRegistered"]),
    ("create_detector", {"name": "Theft", "algorithm": "ecod"}, ["DetectorCreated"]),
    ("change_detector", {"detector": "Theft", "name": "Fraud"}, ["DetectorChanged"]),
    ("train_detector", {"detector": "Fraud", "dataset": "orders"}, ["DetectorTrained"]),
    ("promote_version", {"detector": "Fraud", "version": 1}, ["VersionPromoted"]),
    ("detect_anomalies", {"detector": "Fraud", "dataset": "orders"}, ["AnomaliesDetected"]),
    ("look_at_dataset", {"dataset": "orders"}, ["DetectorCreated", "JobSubmitted"]),
    ("decide_detection", {"detection": "last", "policy": AlarmBudget(rows=3)}, ["DetectionDecided"]),
    ("explain_row", {"detection": "last", "row": 0}, READING),
    ("inspect_row", {"detection": "last", "row": 0}, READING),
    ("evaluate_detection", {"detection": "last", "label": "is_late"}, READING),
    ("trace_curves", {"detection": "last", "label": "is_late"}, READING),
    ("find_mistakes", {"detection": "last", "label": "is_late"}, READING),
    ("compare_detections", {"detection": "last", "other": "last", "label": "is_late"}, READING),
    ("export_detection", {"detection": "last", "path": Path("home/all.csv")}, READING),
    (
        "give_verdict",
        {"detection": "last", "row": 0, "answer": VerdictAnswer.CONFIRMED, "note": "rang them up"},
        ["VerdictGiven"],
    ),
    ("take_back_verdict", {"detection": "last", "row": 0}, ["VerdictTakenBack"]),
    ("export_detector", {"detector": "Fraud", "path": Path("home/model")}, READING),
    ("import_detector", {"path": Path("home/model"), "name": "Copy"}, ["DetectorCreated", "DetectorTrained"]),
    ("submit_job", TRAINING, ["JobSubmitted"]),
    ("cancel_job", {"job": "newest"}, ["JobCancellationRequested", "JobEnded"]),
    ("retry_job", {"job": "newest"}, ["JobRetried"]),
    ("release_job", {"job": "newest"}, ON_THE_WAY),
    ("end_job", {"job": "newest"} | FAILED, ["JobEnded"]),
    ("run_job", {"job": "newest", "progress": nobody_listens}, ["DetectorTrained"]),
    (
        "create_schedule",
        {"name": "every hour", "cron": "0 * * * *", "time_zone": "UTC"} | TRAINING,
        ["ScheduleCreated"],
    ),
    ("change_schedule", {"schedule": "every hour", "cron": "30 * * * *"}, ["ScheduleChanged"]),
    ("fire_schedule", {"schedule": "every hour"}, ["JobSubmitted"]),
    ("remove_schedule", {"schedule": "every hour"}, ["ScheduleRemoved"]),
    ("reserve_request_key", {"claim": CLAIM, "digest": "d"}, ON_THE_WAY),
    ("release_request_key", {"claim": CLAIM}, ON_THE_WAY),
    ("create_channel", {"name": "duty", "kind": "bell", "settings": {}, "secrets": {}}, ["ChannelCreated"]),
    ("change_channel", {"channel": "duty", "settings": {"tone": "C"}}, ["ChannelChanged"]),
    ("test_channel", {"channel": "duty"}, ON_THE_WAY),
    (
        "create_rule",
        {"name": "all", "occasion": Occasion.ANOMALIES_FOUND, "channels": ["duty"]},
        ["RuleCreated"],
    ),
    ("change_rule", {"rule": "all", "least_severity": 75.0}, ["RuleChanged"]),
    ("retry_delivery", {"delivery": "failed"}, ["DeliveryRetried"]),
    ("remove_rule", {"rule": "all"}, ["RuleRemoved"]),
    ("remove_channel", {"channel": "duty"}, ["ChannelRemoved"]),
    ("remove_detector", {"detector": "Fraud"}, ["DetectorRemoved"]),
    ("remove_dataset", {"dataset": "orders"}, ["DatasetRemoved"]),
    ("verify_audit", {}, READING),
    ("rotate_keys", {}, ["KeysRotated"]),
    ("remove_source", {"source": "shop"}, ["SourceRemoved"]),
    ("discard_unused_files", {}, "nothing that anybody can see changes"),
)
PEOPLE = {
    "authenticate": READING,
    "authenticate_browser": READING,
    "sign_in": ["SignedIn"],
    "sign_in_browser": ["SignedIn"],
    "open_browser_session": ["SignedIn"],
    "browser_session_ends": READING,
    "renew_session": ON_THE_WAY,  # the same session goes on
    "sign_out": ["SignedOut"],
    "create_tenant": ["TenantCreated"],
    "create_user": ["UserCreated"],
    "change_user": ["UserChanged"],
    "change_password": ["PasswordChanged"],
    "create_api_key": ["ApiKeyCreated"],
    "revoke_api_key": ["ApiKeyRevoked"],
}


class Hours:
    """A clock that each look moves on by an hour."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self):
        self.now += timedelta(hours=1)
        return self.now


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ready_workspace(tmp_path / "home").close()
    settings = Settings(home=tmp_path / "home", threads=None, origins={})
    return build(settings, clock=Hours(), notifiers=FakeNotifierCatalog(), sources=FakeSources()).open_workspace()


def test_every_use_case_of_a_workspace_has_a_row() -> None:
    use_cases = {field.name for field in fields(Workspace)} - {"queries"}
    assert sorted(name for name, _, _ in WORKSPACE) == sorted(use_cases)


def test_every_use_case_of_people_has_a_row() -> None:
    assert set(PEOPLE) == {field.name for kind in (People, Membership) for field in fields(kind)} - {"membership"}


def test_what_changes_a_workspace_is_recorded(workspace) -> None:
    for name, question, expected in WORKSPACE:
        before = len(_types(workspace))
        getattr(workspace, name)(**_completed(workspace, name, question))
        recorded = _types(workspace)[before:]
        assert recorded == (expected if isinstance(expected, list) else []), name


def _types(workspace):
    return [entry.type for entry in workspace.queries.audit_page(ALL).items]


def _completed(workspace, name, question):
    """Put the newest job, the opened source, or a delivery that failed, in the place of the word."""
    if question.get("source") == "opened":
        return question | {"source": workspace.open_source(source="shop")}
    if question.get("delivery") == "failed":
        return question | {"delivery": _failed_delivery(workspace)}
    if question.get("job") != "newest":
        return question
    newest = workspace.queries.job_page(replace(ALL, limit=1, after=None, is_oldest_first=False)).items[0]
    return question | {"job": newest if name == "run_job" else newest.id}


def _failed_delivery(workspace):
    to = workspace.queries.channel("duty")
    failed = delivery(to.id, status=DeliveryStatus.FAILED)
    with workspace.create_channel.begin() as work:
        work.deliveries.add(failed)
        work.commit()
    return failed.id


def test_what_changes_people_is_recorded(house) -> None:
    for name, act in _ACTS.items():
        before = len(events_of(house.transactions))
        act(house)
        recorded = [kind for kind, _ in events_of(house.transactions)[before:]]
        assert recorded == (PEOPLE[name] if isinstance(PEOPLE[name], list) else []), name
    assert set(_ACTS) == set(PEOPLE)


def _ada(house):
    with house.transactions.begin_reading() as work:
        return work.users.by_email("ada@example.org")


def _browser_token(house):
    session = house.people.open_browser_session(tenant_id="local", user_id=_ada(house).id, is_renewal=True)
    return session.token


_ACTS = {
    "create_tenant": lambda house: house.people.create_tenant(name="risk"),
    "create_user": lambda house: house.create(role=Role.ADMIN),
    "change_user": lambda house: house.membership().change_user(user=_ada(house).id, name="Ada L."),
    "change_password": lambda house: house.membership().change_password(user=_ada(house).id, new_password=PASSWORD),
    "sign_in": lambda house: house.sign_in(),
    "authenticate": lambda house: house.people.authenticate(credentials=house.session.access_token),
    "sign_in_browser": lambda house: house.people.sign_in_browser(email="ada@example.org", password=PASSWORD),
    "open_browser_session": lambda house: house.people.open_browser_session(tenant_id="local", user_id=_ada(house).id),
    "authenticate_browser": lambda house: house.people.authenticate_browser(credentials=_browser_token(house)),
    "browser_session_ends": lambda house: house.people.browser_session_ends(_browser_token(house)),
    "renew_session": lambda house: house.people.renew_session(refresh_token=house.session.refresh_token),
    "sign_out": lambda house: house.people.sign_out(tenant_id="local", user_id=_ada(house).id),
    "create_api_key": lambda house: house.membership().create_api_key(**KEY),
    "revoke_api_key": lambda house: house.membership().revoke_api_key(key=_key(house).id),
}


def _key(house):
    with house.transactions.begin_reading() as work:
        return work.api_keys.all()[0]


def test_what_is_refused_at_the_door_is_recorded_too(house) -> None:
    house.create()
    with pytest.raises(NotSignedIn):
        house.people.sign_in(email="ada@example.org", password="wrong")
    house.sign_in()
    house.people.renew_session(refresh_token=house.session.refresh_token)
    with pytest.raises(NotSignedIn):
        house.people.renew_session(refresh_token=house.session.refresh_token)
    recorded = [kind for kind, _ in events_of(house.transactions)]
    assert recorded == ["UserCreated", "SignInRefused", "SignedIn", "RefreshTokenReused"]

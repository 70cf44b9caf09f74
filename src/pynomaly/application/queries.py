"""What lists and detail views read: nothing is changed, nobody is waited for."""

from collections.abc import Sequence
from dataclasses import dataclass

from pynomaly.application.ports.notifier import NotifierCatalog
from pynomaly.application.ports.paging import Page, Piece
from pynomaly.application.ports.persistence import BeginReading
from pynomaly.application.ports.stores import ScoredRows, ScoreStore, TableStore
from pynomaly.application.ports.tables import Table
from pynomaly.application.ports.work import JobEvent
from pynomaly.domain.audit import AuditEntry
from pynomaly.domain.channel import Channel
from pynomaly.domain.connection import ConnectionKind
from pynomaly.domain.data_source import DataSource
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.delivery import Delivery, DeliveryStatus
from pynomaly.domain.detection import Detection
from pynomaly.domain.detector import Detector
from pynomaly.domain.job import Job, JobKind, JobStatus
from pynomaly.domain.notification_rule import NotificationRule
from pynomaly.domain.schedule import Schedule
from pynomaly.domain.training import TrainingRun
from pynomaly.domain.user import ApiKey, User


@dataclass(frozen=True, slots=True)
class Queries:
    """Read models of one workspace."""

    begin_reading: BeginReading
    tables: TableStore
    scores: ScoreStore
    notifiers: NotifierCatalog

    def datasets(self) -> Sequence[Dataset]:
        """Return every dataset, newest first."""
        with self.begin_reading() as work:
            return work.datasets.all()

    def dataset(self, name_or_id: str) -> Dataset:
        """Return one dataset. Raises NotFound."""
        with self.begin_reading() as work:
            return work.datasets.get(name_or_id)

    def dataset_rows(self, name_or_id: str) -> Table:
        """Return a dataset's rows. Raises NotFound, CorruptModel."""
        dataset = self.dataset(name_or_id)
        return self.tables.open(dataset.fingerprint, dataset.columns, dataset.name)

    def detectors(self) -> Sequence[Detector]:
        """Return every detector, newest first."""
        with self.begin_reading() as work:
            return work.detectors.all()

    def detector(self, name_or_id: str) -> tuple[Detector, Sequence[TrainingRun]]:
        """Return one detector and its training runs, newest first. Raises NotFound."""
        with self.begin_reading() as work:
            detector = work.detectors.get(name_or_id)
            return detector, work.training_runs.of(detector)

    def detections(self) -> Sequence[Detection]:
        """Return every detection, newest first."""
        with self.begin_reading() as work:
            return work.detections.all()

    def detection(self, detection_id: str) -> Detection:
        """Return one detection by id, id prefix or the word `last`. Raises NotFound."""
        with self.begin_reading() as work:
            return work.detections.get(detection_id)

    def scored_rows(self, detection_id: str) -> tuple[Detection, ScoredRows]:
        """Return a detection with its full result, mapped into memory. Raises NotFound, CorruptModel."""
        detection = self.detection(detection_id)
        return detection, self.scores.load(detection.scores)

    def dataset_page(self, piece: Piece) -> Page[Dataset]:
        """Return a piece of the datasets."""
        with self.begin_reading() as work:
            return work.datasets.page(piece)

    def detector_page(self, piece: Piece) -> Page[Detector]:
        """Return a piece of the detectors."""
        with self.begin_reading() as work:
            return work.detectors.page(piece)

    def detection_page(self, piece: Piece, *, detector_id: str | None = None) -> Page[Detection]:
        """Return a piece of the detections, of one detector if its id is given."""
        with self.begin_reading() as work:
            return work.detections.page(piece, detector_id=detector_id)

    def job(self, job_id: str) -> Job:
        """Return one job by id or id prefix. Raises NotFound."""
        with self.begin_reading() as work:
            return work.jobs.get(job_id)

    def job_page(self, piece: Piece, *, status: JobStatus | None = None, kind: JobKind | None = None) -> Page[Job]:
        """Return a piece of the jobs."""
        with self.begin_reading() as work:
            return work.jobs.page(piece, status=status, kind=kind)

    def job_events(self, job_id: str, *, after: int, limit: int) -> tuple[Job, Sequence[JobEvent]]:
        """Return a job and what it told after an event. Raises NotFound."""
        with self.begin_reading() as work:
            job = work.jobs.get(job_id)
            return job, work.jobs.events(job, after=after, limit=limit)

    def schedule(self, name_or_id: str) -> Schedule:
        """Return one schedule. Raises NotFound."""
        with self.begin_reading() as work:
            return work.schedules.get(name_or_id)

    def schedule_page(self, piece: Piece) -> Page[Schedule]:
        """Return a piece of the schedules."""
        with self.begin_reading() as work:
            return work.schedules.page(piece)

    def channel_kinds(self) -> Sequence[ConnectionKind]:
        """Return what each kind of channel needs."""
        return self.notifiers.kinds()

    def channel_kind(self, name: str) -> ConnectionKind:
        """Return what a kind of channel needs. Raises InvalidRequest naming the closest."""
        return self.notifiers.kind(name)

    def channel(self, name_or_id: str) -> Channel:
        """Return one channel. Raises NotFound."""
        with self.begin_reading() as work:
            return work.channels.get(name_or_id)

    def channel_page(self, piece: Piece) -> Page[Channel]:
        """Return a piece of the channels."""
        with self.begin_reading() as work:
            return work.channels.page(piece)

    def rule(self, name_or_id: str) -> NotificationRule:
        """Return one notification rule. Raises NotFound."""
        with self.begin_reading() as work:
            return work.notification_rules.get(name_or_id)

    def rule_page(self, piece: Piece) -> Page[NotificationRule]:
        """Return a piece of the notification rules."""
        with self.begin_reading() as work:
            return work.notification_rules.page(piece)

    def delivery(self, delivery_id: str) -> Delivery:
        """Return one delivery by id or id prefix. Raises NotFound."""
        with self.begin_reading() as work:
            return work.deliveries.get(delivery_id)

    def delivery_page(
        self, piece: Piece, *, status: DeliveryStatus | None = None, channel: str | None = None
    ) -> Page[Delivery]:
        """Return a piece of the deliveries. channel: a channel's id or name. Raises NotFound."""
        with self.begin_reading() as work:
            channel_id = None if channel is None else work.channels.get(channel).id
            return work.deliveries.page(piece, status=status, channel_id=channel_id)

    def sources(self) -> Sequence[DataSource]:
        """Return every data source, newest first."""
        with self.begin_reading() as work:
            return work.sources.all()

    def source(self, name_or_id: str) -> DataSource:
        """Return one data source. Raises NotFound."""
        with self.begin_reading() as work:
            return work.sources.get(name_or_id)

    def source_page(self, piece: Piece) -> Page[DataSource]:
        """Return a piece of the data sources."""
        with self.begin_reading() as work:
            return work.sources.page(piece)

    def audit_page(self, piece: Piece) -> Page[AuditEntry]:
        """Return a piece of the audit log."""
        with self.begin_reading() as work:
            return work.audit_log.page(piece)

    def users(self) -> Sequence[User]:
        """Return every user of the workspace, oldest first."""
        with self.begin_reading() as work:
            return work.users.all()

    def user_page(self, piece: Piece) -> Page[User]:
        """Return a piece of the users."""
        with self.begin_reading() as work:
            return work.users.page(piece)

    def user(self, user_id: str) -> User:
        """Return one user. Raises NotFound."""
        with self.begin_reading() as work:
            return work.users.get(user_id)

    def api_key_page(self, piece: Piece) -> Page[ApiKey]:
        """Return a piece of the API keys."""
        with self.begin_reading() as work:
            return work.api_keys.page(piece)

    def api_key(self, key_id: str) -> ApiKey:
        """Return one API key. Raises NotFound."""
        with self.begin_reading() as work:
            return work.api_keys.get(key_id)

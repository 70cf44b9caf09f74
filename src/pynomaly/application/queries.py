"""What lists and detail views read: nothing is changed, nobody is waited for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pynomaly.application.detector_overview import DetectorHistory, DetectorOverview, history_of, overviews
from pynomaly.application.finding_queries import FindingQueries
from pynomaly.application.job_subjects import names_of_subjects
from pynomaly.application.ports.names import Name
from pynomaly.application.ports.notifier import NotifierCatalog
from pynomaly.application.ports.paging import Page, Piece
from pynomaly.application.ports.stores import TableStore
from pynomaly.application.ports.tables import Preparer, Table
from pynomaly.application.ports.uses import MOST_USES, Uses
from pynomaly.application.ports.work import JobEvent
from pynomaly.application.profiling import ColumnProfile, profile
from pynomaly.application.quality import quality_of
from pynomaly.application.rule_firings import Firings, rule_firings
from pynomaly.application.today import Today, today_of
from pynomaly.domain.audit import AuditEntry
from pynomaly.domain.channel import Channel
from pynomaly.domain.connection import ConnectionKind
from pynomaly.domain.data_source import DataSource
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.delivery import Delivery, DeliveryStatus
from pynomaly.domain.detector import Detector
from pynomaly.domain.identifiers import ChannelId, DatasetId
from pynomaly.domain.job import Job, JobKind, JobStatus
from pynomaly.domain.notification_rule import NotificationRule
from pynomaly.domain.quality import QualityFinding
from pynomaly.domain.schedule import Schedule
from pynomaly.domain.training import TrainingRun
from pynomaly.domain.user import ApiKey, User


@dataclass(frozen=True, slots=True)
class Queries(FindingQueries):
    """Read models of one workspace."""

    tables: TableStore
    notifiers: NotifierCatalog
    preparer: Preparer

    def today(self, now: datetime) -> Today:
        """Return whether anything is wrong now, and what happened in the last days."""
        with self.begin_reading() as work:
            return today_of(work, now)

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

    def dataset_uses(self, name_or_id: str, *, limit: int = MOST_USES) -> Uses:
        """Return the detectors that learned from a dataset and the detections of its rows, newest first."""
        with self.begin_reading() as work:
            return work.dataset_uses.of(work.datasets.get(name_or_id).id, limit=limit)

    def n_detectors(self, datasets: Sequence[Dataset]) -> Mapping[DatasetId, int]:
        """Return how many detectors learned from each dataset; those that none did are left out."""
        with self.begin_reading() as work:
            return work.dataset_uses.n_detectors([dataset.id for dataset in datasets])

    def profile(self, name_or_id: str) -> tuple[Table, tuple[ColumnProfile, ...]]:
        """Return a dataset's rows and what each column holds. Raises NotFound, CorruptModel."""
        table = self.dataset_rows(name_or_id)
        return table, profile(table, self.preparer)

    def quality(self, name_or_id: str) -> tuple[QualityFinding, ...]:
        """Return what to know about a dataset before looking for anomalies in it. Raises NotFound, CorruptModel."""
        return quality_of(*self.profile(name_or_id))

    def detectors(self) -> Sequence[Detector]:
        """Return every detector, newest first."""
        with self.begin_reading() as work:
            return work.detectors.all()

    def detector(self, name_or_id: str) -> tuple[Detector, Sequence[TrainingRun]]:
        """Return one detector and its training runs, newest first. Raises NotFound."""
        with self.begin_reading() as work:
            detector = work.detectors.get(name_or_id)
            return detector, work.training_runs.of(detector)

    def detector_overviews(self, piece: Piece) -> tuple[Page[DetectorOverview], int]:
        """Return a piece of the detectors with the last that came of each, and how many there are in all."""
        with self.begin_reading() as work:
            return overviews(work, piece)

    def detector_history(self, name_or_id: str) -> DetectorHistory:
        """Return all that is known of one detector. Raises NotFound."""
        with self.begin_reading() as work:
            return history_of(work, name_or_id)

    def dataset_page(self, piece: Piece) -> Page[Dataset]:
        """Return a piece of the datasets."""
        with self.begin_reading() as work:
            return work.datasets.page(piece)

    def detector_page(self, piece: Piece) -> Page[Detector]:
        """Return a piece of the detectors."""
        with self.begin_reading() as work:
            return work.detectors.page(piece)

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

    def names_of_subjects(self, jobs: Sequence[Job]) -> Mapping[str, str]:
        """Return the names of what jobs are about by id, and of who wants them by actor; what is gone has none."""
        return names_of_subjects(self.begin_reading, jobs)

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

    def last_deliveries(self, channels: Collection[Channel]) -> Mapping[ChannelId, Delivery]:
        """Return the newest delivery of each channel that has any."""
        with self.begin_reading() as work:
            newest = {one.id: work.deliveries.page(Piece(1), channel_id=one.id).items for one in channels}
        return {channel_id: found[0] for channel_id, found in newest.items() if found}

    def rule_firings(self, rule: NotificationRule, *, since: datetime) -> Firings:
        """Return when a rule, stored or not, would have fired since a moment."""
        with self.begin_reading() as work:
            return rule_firings(work.audit_log, rule, since)

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

    def names_like(self, text: str, nouns: Collection[str], *, limit: int) -> Sequence[Name]:
        """Return what has a text in its name or at the beginning of its id; of each noun at most `limit`."""
        with self.begin_reading() as work:
            return work.names.like(text, nouns, limit=limit)

    def audit_page(self, piece: Piece, *, type: str | None = None, actor: str | None = None) -> Page[AuditEntry]:
        """Return a piece of the audit log, of one type of event or by one actor."""
        with self.begin_reading() as work:
            return work.audit_log.page(piece, type=type, actor=actor)

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

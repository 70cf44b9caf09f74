"""Detectors and their versions as rows; parameters are stored as a JSON object of cells as `cell_json` writes them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update

from pynomaly.application.ports.paging import Page, Piece
from pynomaly.domain.detector import Detector, DetectorVersion
from pynomaly.domain.errors import AlreadyExists, NotFound, StaleWrite
from pynomaly.domain.identifiers import DatasetId, DetectorId, ModelDigest
from pynomaly.infrastructure.persistence.cell_json import from_json, to_json
from pynomaly.infrastructure.persistence.lookup import id_of, one_of, taking_name
from pynomaly.infrastructure.persistence.tables import detector_versions, detectors
from pynomaly.infrastructure.persistence.transaction import Transaction


@dataclass(frozen=True, slots=True)
class DetectorRows:
    """The detectors within one transaction."""

    transaction: Transaction

    def add(self, detector: Detector) -> None:
        """Store a new detector. Raises AlreadyExists if the name is taken."""
        self._require_free_name(detector)
        with taking_name(f"detector '{detector.name}'"):
            self.transaction.write(insert(detectors).values(self._to_row(detector)))
        self._add_versions(detector, detector.versions)

    def get(self, name_or_id: str) -> Detector:
        """Return a detector by id, else by exact name or id prefix; held by a transaction that may write.

        Raises NotFound, InvalidRequest.
        """
        found = id_of(self.transaction, detectors, name_or_id, noun="detector")
        rows = self.transaction.read_held(self._own().where(detectors.c.id == found), _from_row)
        return one_of(self._with_versions(rows), "detector")

    def all(self) -> Sequence[Detector]:
        """Return every detector, newest first."""
        newest_first = self._own().order_by(detectors.c.created_at.desc(), detectors.c.position.desc())
        return self._with_versions(self.transaction.read(newest_first, _from_row))

    def page(self, piece: Piece) -> Page[Detector]:
        """Return a piece of the list."""
        found = self.transaction.page(detectors, piece, _from_row)
        return replace(found, items=self._with_versions(found.items))

    def name_of(self, detector_id: str) -> str | None:
        """Return the name of a detector without holding it, None if it is gone."""
        query = select(detectors.c.name).where(self.transaction.own(detectors), detectors.c.id == detector_id)
        found = self.transaction.read(query, lambda row: str(row.name))
        return found[0] if found else None

    def save(self, detector: Detector) -> None:
        """Store a changed detector under the next revision; versions are only ever added.

        Raises StaleWrite if it changed or vanished since it was read, AlreadyExists if its new name is taken.
        """
        self._require_free_name(detector)
        unchanged = (detectors.c.id == detector.id) & (detectors.c.revision == detector.revision)
        changed = self._to_row(detector) | {"revision": detector.revision + 1}
        statement = update(detectors).where(self.transaction.own(detectors), unchanged).values(changed)
        with taking_name(f"detector '{detector.name}'"):
            n_written = self.transaction.write(statement)
        if not n_written:
            raise StaleWrite(f"detector '{detector.name}' was changed or deleted meanwhile; read it again and retry")
        stored = {version.number for version in self._versions(detector.id)[detector.id]}
        self._add_versions(detector, [version for version in detector.versions if version.number not in stored])

    def remove(self, detector: Detector) -> None:
        """Forget a detector with its versions and training runs. Raises NotFound if it is gone already."""
        if not self.transaction.write(
            delete(detectors).where(self.transaction.own(detectors), detectors.c.id == detector.id)
        ):
            raise NotFound(f"detector '{detector.name}' is gone already")

    def models(self) -> set[ModelDigest]:
        """Return the digests of all models that versions refer to."""
        query = select(detector_versions.c.model).join(detectors).where(self.transaction.own(detectors))
        return set(self.transaction.read(query, lambda row: ModelDigest(row.model)))

    def _require_free_name(self, detector: Detector) -> None:
        of_others = (detectors.c.name == detector.name) & (detectors.c.id != detector.id)
        if self.transaction.read(self._own().where(of_others), lambda row: row.id):
            raise AlreadyExists(
                f"there is a detector '{detector.name}' already; choose another name or delete it first"
            )

    def _add_versions(self, detector: Detector, versions: Sequence[DetectorVersion]) -> None:
        for version in versions:
            self.transaction.write(insert(detector_versions).values(asdict(version) | {"detector_id": detector.id}))

    def _to_row(self, detector: Detector) -> dict[str, Any]:
        return {
            "tenant_id": self.transaction.tenant_id,
            "id": detector.id,
            "name": detector.name,
            "algorithm": detector.algorithm,
            "parameters": {name: to_json(value) for name, value in detector.parameters.items()},
            "live_version": detector.live_version,
            "is_retired": detector.is_retired,
            "revision": detector.revision,
            "created_at": detector.created_at,
        }

    def _own(self) -> Select[Any]:
        return select(detectors).where(self.transaction.own(detectors))

    def _with_versions(self, found: Sequence[Detector]) -> list[Detector]:
        versions = self._versions(*(detector.id for detector in found))
        return [replace(detector, versions=versions[detector.id]) for detector in found]

    def _versions(self, *detector_ids: str) -> Mapping[str, tuple[DetectorVersion, ...]]:
        query = select(detector_versions).where(detector_versions.c.detector_id.in_(detector_ids))
        found: dict[str, list[DetectorVersion]] = {detector_id: [] for detector_id in detector_ids}
        for detector_id, version in self.transaction.read(query.order_by(detector_versions.c.number), _version):
            found[detector_id].append(version)
        return {detector_id: tuple(versions) for detector_id, versions in found.items()}


def _from_row(row: Row[Any]) -> Detector:
    parameters: dict[str, Any] = {name: from_json(form) for name, form in row.parameters.items()}
    return Detector(
        id=DetectorId(row.id),
        name=row.name,
        algorithm=row.algorithm,
        parameters=parameters,
        created_at=row.created_at,
        live_version=row.live_version,
        is_retired=row.is_retired,
        revision=row.revision,
    )


def _version(row: Row[Any]) -> tuple[str, DetectorVersion]:
    dataset_id = None if row.dataset_id is None else DatasetId(row.dataset_id)
    return row.detector_id, DetectorVersion(row.number, ModelDigest(row.model), dataset_id, row.n_rows, row.trained_at)

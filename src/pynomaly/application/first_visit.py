"""What whoever starts the program for the first time finds: a user to be, and a detection to look at."""

from collections.abc import Callable, Sequence
from pathlib import PurePath

from pynomaly.application.choices import roles_for
from pynomaly.application.drafting import recipe_for
from pynomaly.application.people import Membership
from pynomaly.application.ports.paging import Piece
from pynomaly.application.ports.progress import Progress
from pynomaly.application.program import WriteSample
from pynomaly.application.queries import Queries
from pynomaly.application.workspace import Workspace
from pynomaly.application.written_jobs import DEFAULT_STRANGEST
from pynomaly.domain.access import Role
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.detection import Detection
from pynomaly.domain.detector import Detector, DetectorStatus
from pynomaly.domain.model_selection import AUTOMATIC
from pynomaly.domain.user import User

LOCAL_EMAIL = "local@localhost"
"""Of the user that is whoever sits at this machine; no mail can leave it for a name that means itself (RFC 6761)."""
SAMPLE, IDENTIFIER, LABEL = "breast cancer", "patient", "malignant"
"""The sample's name as a dataset, and two of its columns."""
_ONE = Piece(1)


def local_user(
    queries: Queries, membership: Membership, new_password: Callable[[], str], *, may_join: bool
) -> User | None:
    """Return the user of this machine, None where others use the workspace and that one is not among them.

    Where nobody does it is made, an admin with a password that nobody knows. may_join: make it beside others too.
    """
    users = queries.users()
    known = next((user for user in users if user.email == LOCAL_EMAIL), None)
    if known is not None:
        return known if known.is_active else None
    if users and not may_join:
        return None
    return membership.create_user(email=LOCAL_EMAIL, name="Local user", role=Role.ADMIN, password=new_password())


def first_detection(
    workspace: Workspace, write_sample: WriteSample, folder: PurePath, progress: Progress
) -> Detection | None:
    """Return the newest detection; in a new workspace, that of the sample table, which is loaded and learned from.

    What an earlier visit began is gone on with, and what is there already is not made again. A workspace that holds
    anything else is left as it is: then None, if nothing was detected in it.  folder: where the table may be written.
    """
    newest = workspace.queries.detection_page(_ONE).items
    if newest:
        return newest[0]
    datasets, detectors = workspace.queries.datasets(), workspace.queries.detectors()
    if ({one.name for one in datasets} | {one.name for one in detectors}) - {SAMPLE}:
        return None
    rows = datasets[0] if datasets else _loaded(workspace, write_sample(folder))
    trained = _trained(workspace, detectors, rows, progress)
    found = workspace.detect_anomalies(
        detector=trained.id, dataset=rows.id, n_strangest=DEFAULT_STRANGEST, progress=progress
    )
    return found.detection


def _loaded(workspace: Workspace, path: PurePath) -> Dataset:
    roles = roles_for(identifier=IDENTIFIER, label=LABEL)
    dataset, _ = workspace.register_dataset(source=str(path), name=SAMPLE, source_name=path.name, roles=roles)
    return dataset


def _trained(workspace: Workspace, detectors: Sequence[Detector], rows: Dataset, progress: Progress) -> Detector:
    if detectors and detectors[0].status is not DetectorStatus.DRAFT:
        return detectors[0]
    recipe = recipe_for(rows, AUTOMATIC, {})
    draft = (
        detectors[0]
        if detectors
        else workspace.create_detector(name=SAMPLE, algorithm=recipe.algorithm, parameters=recipe.parameters)
    )
    return workspace.train_detector(detector=draft.id, dataset=rows.id, progress=progress)

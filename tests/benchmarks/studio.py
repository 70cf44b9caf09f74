"""What trying a line costs on a million stored scores: the page, the part that follows the line, and what both ask.

Usage: PYTHONPATH=. OMP_NUM_THREADS=1 python tests/benchmarks/studio.py [--rows N]
Everything goes through the application as a browser's request does. CPU time and the clock's, the best of several; the
bar is 300 ms for the page and for each part.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
from starlette.testclient import TestClient
from tests.service.installed import Installation, installed

from pynomaly.application.ports.asking import Asked
from pynomaly.application.workspace import Workspace
from pynomaly.assembly.people import people_of
from pynomaly.assembly.workspace import open_workspace
from pynomaly.domain.access import Role
from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.decision import ScoreThreshold
from pynomaly.domain.detection import Detection
from pynomaly.presentation.web.cookies import SESSION

BAR_MILLISECONDS = 300
RUNS = 7
N_TRAINING_ROWS = 20_000


def main() -> None:
    """Make a detection and measure."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--rows", type=int, default=1_000_000)
    n_rows = reader.parse_args().rows
    with tempfile.TemporaryDirectory() as folder, installed(Path(folder)) as installation:
        workspace = workspace_of(installation)
        labelled, bare = (looked_at(workspace, name, n_rows, role) for name, role in ROLES.items())
        print(f"{n_rows:,} rows; bar {BAR_MILLISECONDS} ms")
        report("outline, drawn before", lambda: workspace.queries.score_outline(bare.id))
        report("changed rows", lambda: workspace.queries.changed_rows(bare.id, ScoreThreshold(lines(bare)[0])))
        report("hits of a line", lambda: workspace.find_mistakes(detection=labelled.id, label="odd", limit=0))
        client = browser(installation)
        for name, detection in (("without a label", bare), ("with a label", labelled)):
            report(f"page, {name}", asking(client, f"/detections/{detection.id}/studio", detection))
            report(f"part, {name}", asking(client, f"/detections/{detection.id}/studio/changes", detection))


ROLES = {"with a label": ColumnRole.LABEL, "without a label": ColumnRole.IGNORED}


def workspace_of(installation: Installation) -> Workspace:
    """Return the first workspace of an installation."""
    furniture = installation.here.furniture
    return open_workspace(installation.shared, Asked(furniture.tenant_id, "the benchmark"))


def looked_at(workspace: Workspace, name: str, n_rows: int, role: ColumnRole) -> Detection:
    """Return a detection of so many rows, which its detector had not seen."""
    small, large = (
        workspace.register_dataset(
            source=table(seed, size), name=f"{size} rows {name}", source_name="", roles={"odd": role}
        )[0]
        for seed, size in ((1, N_TRAINING_ROWS), (2, n_rows))
    )
    detector = workspace.create_detector(name=name, algorithm="ecod", parameters={})
    workspace.train_detector(detector=detector.id, dataset=small.id)
    return workspace.detect_anomalies(detector=detector.id, dataset=large.id, n_strangest=100).detection


def table(seed: int, n_rows: int) -> pa.Table:
    """Return rows of which three in a thousand are odd."""
    rng = np.random.default_rng(seed)
    is_odd = rng.random(n_rows) < 0.003
    columns = {name: rng.normal(size=n_rows) + 5.0 * is_odd for name in ("amount", "speed", "weight")}
    return pa.table({**columns, "odd": is_odd})


def browser(installation: Installation) -> TestClient:
    """Return a client that is signed in."""
    furniture = installation.here.furniture
    client = TestClient(installation.application)
    session = people_of(installation.shared).open_browser_session(
        tenant_id=furniture.tenant_id, user_id=furniture.users[Role.ADMIN]
    )
    client.cookies.set(SESSION, session.token)
    return client


def lines(detection: Detection) -> list[float]:
    """Return thresholds around the one that a detection has."""
    middle = detection.score_threshold or detection.strangest[0].score
    return np.linspace(0.9 * middle, 1.1 * middle, RUNS + 1).tolist()


def asking(client: TestClient, path: str, detection: Detection) -> Callable[[], object]:
    """Return what asks for a page, each time with another line."""
    thresholds = iter(lines(detection) * 2)

    def ask() -> object:
        answer = client.get(f"{path}?threshold={next(thresholds)!r}", headers={"Accept": "text/html"})
        assert answer.status_code == 200, answer.text[:500]
        return answer

    return ask


def report(what: str, action: Callable[[], object]) -> None:
    """Print the first call and the best of the following ones."""
    first = taken(action)
    best = [min(times) for times in zip(*(taken(action) for _ in range(RUNS)), strict=True)]
    told = " ".join(f"{name} {value:7.1f}" for name, value in zip(("CPU", "clock"), best, strict=True))
    print(f"{what:24} {told} ms   first: CPU {first[0]:.0f} clock {first[1]:.0f} ms")


def taken(action: Callable[[], object]) -> tuple[float, float]:
    """Return the milliseconds of one call: of the processor, and of the clock."""
    cpu, clock = time.process_time(), time.perf_counter()
    action()
    return 1000 * (time.process_time() - cpu), 1000 * (time.perf_counter() - clock)


if __name__ == "__main__":
    main()

"""What a Python program calls: one function to look at data, one to open a workspace."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pynomaly.application.choices import policy_for, roles_for, seed_for
from pynomaly.application.findings import Findings
from pynomaly.bootstrap import build, settings_in_force
from pynomaly.domain.algorithm import ParameterValue

if TYPE_CHECKING:
    from pynomaly.application.workspace import Workspace


def detect(
    data: object,
    *,
    train: object | None = None,
    algorithm: str = "auto",
    parameters: Mapping[str, ParameterValue] | None = None,
    contamination: float | None = None,
    budget: int | str | None = None,
    false_alarms: float | None = None,
    threshold: float | None = None,
    score_threshold: float | None = None,
    label: str | None = None,
    id: str | None = None,
    time: str | None = None,
    ignore: Iterable[str] = (),
    top: int = 10,
    explain: bool = True,
    seed: int = 0,
) -> Findings:
    """Find the anomalies in a table.

    data: a path, an Arrow table, a data frame that speaks the Arrow interface (pandas, polars) or a numpy
    array (n_samples, n_features).  train: rows to learn from instead of `data`, in any of these forms.
    contamination (share of training rows), budget (rows, or "1%"), false_alarms (accepted share), threshold
    (probability) or score_threshold (least score): how to decide, at most one; without any, rows far above the
    bulk of scores are flagged.
    label: a yes/no column used for `evaluation` only.  top: how many rows to explain.

    Raises pynomaly.domain.errors.PynomalyError with what to do about it.

    >>> import numpy as np
    >>> rows = np.random.default_rng(0).normal(size=(500, 3))
    >>> rows[7] = [9.0, -9.0, 9.0]
    >>> findings = detect(rows, budget=1)
    >>> [anomaly.row for anomaly in findings.anomalies]
    [7]
    """
    look = build().find_anomalies(
        source=data,
        train=train,
        algorithm=algorithm,
        parameters=parameters,
        policy=policy_for(
            contamination=contamination,
            budget=budget,
            false_alarms=false_alarms,
            threshold=threshold,
            score_threshold=score_threshold,
        ),
        roles=roles_for(identifier=id, time=time, ignore=ignore, label=label),
        label=label,
        n_strangest=top,
        with_reasons=explain,
        seed=seed_for(seed),
    )
    return replace(look.findings, notes=look.notes)


def open_workspace(home: str | Path | None = None) -> "Workspace":
    """Open the workspace in `home`, creating it on first use; by default the one the command line uses."""
    settings = settings_in_force()
    return build(settings if home is None else replace(settings, home=Path(home))).open_workspace()

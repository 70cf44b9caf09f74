"""Find the anomalies of one table in one go: learn, score, decide, explain; nothing is kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from pynomaly.application.findings import Findings, find
from pynomaly.application.fitting import Fit, fit_model, labels_of
from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.progress import Progress, nobody_listens
from pynomaly.application.ports.tables import Preparer, Table, TableReader
from pynomaly.application.trained_model import TrainedModel
from pynomaly.domain.algorithm import ParameterValue
from pynomaly.domain.columns import ColumnKind, ColumnRole, left_out
from pynomaly.domain.decision import DecisionPolicy, StandsOut
from pynomaly.domain.model_selection import AUTOMATIC, choose_algorithm


@dataclass(frozen=True, slots=True, eq=False)
class OneLook:
    """What one look at a table gave: the findings, the model that gave them, and what the reader noticed."""

    findings: Findings
    model: TrainedModel
    table: Table
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindAnomalies:
    """Learn from a table (or from separate training rows) and find its anomalies."""

    reader: TableReader
    catalog: AlgorithmCatalog
    preparer: Preparer

    def __call__(
        self,
        *,
        source: object,
        train: object | None = None,
        algorithm: str = AUTOMATIC,
        parameters: Mapping[str, ParameterValue] | None = None,
        policy: DecisionPolicy | None = None,
        roles: Mapping[str, ColumnRole] | None = None,
        kinds: Mapping[str, ColumnKind] | None = None,
        label: str | None = None,
        n_strangest: int = 10,
        with_reasons: bool = True,
        seed: int = 0,
        progress: Progress = nobody_listens,
    ) -> OneLook:
        """Return the findings for `source`.

        label: a column of yes/no answers, used to evaluate and never learned from.
        Raises InvalidData, InvalidRequest, ExtraNotInstalled.
        """
        given_roles = dict(roles or {}) | ({label: ColumnRole.LABEL} if label else {})
        progress("reading", 0.0)
        table = self.reader.read(source).describe(roles=given_roles, kinds=kinds or {})
        training = table if train is None else self._training_table(train, given_roles, kinds or {})
        fit, choice_notes = self._fit(training, algorithm, parameters or {}, seed, progress)
        scores = fit.training_scores if training is table else fit.model.score(table, progress)
        findings = find(
            fit.model,
            table,
            scores,
            policy or StandsOut(),
            are_training_rows=training is table,
            labels=labels_of(table, label) if label else None,
            n_strangest=n_strangest,
            with_reasons=with_reasons,
        )
        notes = (*table.notes, left_out(training.columns), *choice_notes, *fit.notes, *findings.notes)
        return OneLook(findings, fit.model, table, tuple(note for note in notes if note))

    def _training_table(
        self, source: object, roles: Mapping[str, ColumnRole], kinds: Mapping[str, ColumnKind]
    ) -> Table:
        table = self.reader.read(source)
        present = {column.name for column in table.columns}
        return table.describe(
            roles={name: role for name, role in roles.items() if name in present},
            kinds={name: kind for name, kind in kinds.items() if name in present},
        )

    def _fit(
        self, table: Table, algorithm: str, parameters: Mapping[str, ParameterValue], seed: int, progress: Progress
    ) -> tuple[Fit, tuple[str, ...]]:
        notes: tuple[str, ...] = ()
        if algorithm == AUTOMATIC:
            choice = choose_algorithm(table.n_rows, sum(column.is_feature for column in table.columns))
            algorithm, notes = choice.algorithm, (choice.reason,)
            parameters = {**choice.parameters, **parameters}
        fitted = fit_model(
            table, self.catalog, self.preparer, algorithm=algorithm, parameters=parameters, seed=seed, progress=progress
        )
        return fitted, notes

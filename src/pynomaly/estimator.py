"""The detectors as one scikit-learn estimator, with scikit-learn's signs."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, OutlierMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from pynomaly.application.fitting import fit_model
from pynomaly.application.model_artifact import from_artifact, to_artifact
from pynomaly.application.ports.tables import Table, TableReader
from pynomaly.application.trained_model import TrainedModel
from pynomaly.bootstrap import build
from pynomaly.domain.algorithm import JsonValue, ParameterValue
from pynomaly.domain.anomaly_scores import AnomalyScores
from pynomaly.domain.arrays import FloatVector
from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.decision import ContaminationRate, DecisionPolicy, ExpectedContamination, StandsOut, decide
from pynomaly.domain.errors import CorruptModel, InvalidRequest


class AnomalyDetector(OutlierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Any algorithm of the catalogue behind fit, predict and score_samples.

    Numeric arrays are taken as they are; data frames may hold categories, dates, text and missing values.
    A row's score depends on the row and the fitted state alone, never on the batch around it.

    Parameters
    ----------
    algorithm: name in the catalogue (`pynomaly detector algorithms`), default "isolation_forest".
    contamination: share of training rows to flag, above 0 and at most 0.5; "auto" flags rows far above the
        bulk of the scores and may flag none.
    parameters: settings of the algorithm by name.
    random_state: int, numpy RandomState or None (then every fit differs).

    Attributes
    ----------
    offset_: `decision_function` is `score_samples` minus this.
    n_features_in_, feature_names_in_: as in scikit-learn.

    Examples
    --------
    >>> import numpy as np
    >>> rows = np.vstack([np.random.default_rng(0).normal(size=(200, 2)), [[8.0, 8.0]]])
    >>> AnomalyDetector(contamination=0.005).fit_predict(rows)[-1]
    np.int64(-1)
    """

    def __init__(
        self,
        algorithm: str = "isolation_forest",
        *,
        contamination: float | str = "auto",
        parameters: Mapping[str, ParameterValue] | None = None,
        random_state: Any = 0,
    ) -> None:
        self.algorithm = algorithm
        self.contamination = contamination
        self.parameters = parameters
        self.random_state = random_state

    def fit(self, X: Any, y: object = None) -> Self:  # noqa: ARG002  # the signature scikit-learn calls
        """Learn from X (n_samples, n_features); y is ignored.

        Raises ValueError (scikit-learn's checks) or PynomalyError.
        """
        table = self._table(X, reset=True)
        program = build()
        fit = fit_model(
            table,
            program.catalog,
            program.preparer,
            algorithm=self.algorithm,
            parameters=self.parameters or {},
            seed=_seed(self.random_state),
        )
        self._take(fit.model)
        return self

    def _take(self, model: TrainedModel) -> None:
        """Score with a model and draw the line that `contamination` asks for; both come from training alone."""
        self.model_ = model
        nothing_new = AnomalyScores(model.calibration.training)
        self.offset_ = -float(decide(self._policy(), nothing_new, model.calibration).score_threshold or 0.0)

    def anomaly_scores(self, X: Any) -> FloatVector:
        """Return raw scores (n_samples,), higher is stranger."""
        check_is_fitted(self)
        return np.array(self.model_.score(self._table(X, reset=False)).values)

    def score_samples(self, X: Any) -> FloatVector:
        """Return the negated scores (n_samples,): lower is stranger, as in scikit-learn."""
        return -self.anomaly_scores(X)

    def decision_function(self, X: Any) -> FloatVector:
        """Return score_samples minus offset_ (n_samples,): negative for anomalies."""
        return self.score_samples(X) - self.offset_

    def predict(self, X: Any) -> NDArray[np.int64]:
        """Return -1 for anomalies and 1 for the rest (n_samples,)."""
        return np.where(self.decision_function(X) < 0, -1, 1).astype(np.int64)

    def save(self, path: str | Path) -> None:
        """Write the fitted estimator to a folder: manifest.json and arrays.safetensors.

        Raises AlreadyExists if something is there, NotStorable where the algorithm has no safe file format.
        """
        check_is_fitted(self)
        artifact = to_artifact(self.model_)
        names = getattr(self, "feature_names_in_", None)
        own = {
            "contamination": self.contamination,
            "n_features_in": self.n_features_in_,
            "feature_names_in": None if names is None else [str(name) for name in names],
        }
        build().model_files.write(replace(artifact, manifest={**artifact.manifest, "estimator": own}), Path(path))

    @classmethod
    def load(cls, path: str | Path) -> "AnomalyDetector":
        """Read a model folder, written here or by `pynomaly detector export`; it scores bit-equal to the saved one.

        Raises NotFound, CorruptModel.
        """
        program = build()
        artifact = program.model_files.read(Path(path))
        model = from_artifact(artifact, program.catalog, program.preparer)
        own = _estimator_fields(artifact.manifest, model)
        contamination, n_features, names = (
            own[name] for name in ("contamination", "n_features_in", "feature_names_in")
        )
        detector = cls(
            model.algorithm, contamination=contamination, parameters=dict(model.parameters), random_state=model.seed
        )
        detector.n_features_in_ = n_features
        if names is not None:
            detector.feature_names_in_ = np.array(names, dtype=object)
        try:
            detector._take(model)
        except (ValueError, InvalidRequest) as error:
            raise CorruptModel(f"the model file was written for an impossible estimator: {error}") from error
        return detector

    def _policy(self) -> DecisionPolicy:
        if isinstance(self.contamination, str):
            if self.contamination != "auto":
                raise ValueError(f"contamination is 'auto' or a share up to 0.5, not {self.contamination!r}")
            return StandsOut()
        return ExpectedContamination(ContaminationRate(float(self.contamination)))

    def _table(self, X: Any, *, reset: bool) -> Table:
        if hasattr(X, "__arrow_c_stream__"):
            validate_data(self, X, reset=reset, skip_check_array=True)
            return _reader().read(X)
        array = validate_data(self, X, reset=reset, dtype=np.float64, ensure_min_samples=2 if reset else 1)
        table = _reader().read(array)
        names = [column.name for column in table.columns]
        return table.describe(
            roles=dict.fromkeys(names, ColumnRole.FEATURE), kinds=dict.fromkeys(names, ColumnKind.NUMBER)
        )


def _estimator_fields(manifest: Mapping[str, JsonValue], model: TrainedModel) -> dict[str, Any]:
    """Return what `save` put beside the model, or what a detector's model implies. Raises CorruptModel."""
    columns: list[JsonValue] = [column.name for column in model.columns]
    implied: dict[str, JsonValue] = {
        "contamination": "auto",
        "n_features_in": len(columns),
        "feature_names_in": columns,
    }
    own = manifest.get("estimator", implied)
    if not isinstance(own, dict) or own.keys() != implied.keys():
        raise CorruptModel("the model file's part 'estimator' lacks or garbles a field")
    names, n_features = own["feature_names_in"], own["n_features_in"]
    are_names = isinstance(names, list) and len(names) == n_features and all(isinstance(name, str) for name in names)
    is_share = isinstance(own["contamination"], float | str)
    if type(n_features) is not int or not is_share or not (names is None or are_names):
        raise CorruptModel("the model file's part 'estimator' lacks or garbles a field")
    return dict(own)


@cache
def _reader() -> TableReader:
    """Return the reader, built once: estimators score in loops, and building a program reads settings files."""
    return build().reader


def _seed(random_state: Any) -> int:
    if isinstance(random_state, int | np.integer):
        return int(random_state)
    return int(check_random_state(random_state).randint(2**31 - 1))

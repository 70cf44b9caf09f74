"""The adapter to PyOD: one class stands for every row of the PyOD table."""

from dataclasses import dataclass

from pynomaly.application.ports.algorithm import FittedModel, ModelState
from pynomaly.domain.algorithm import AlgorithmDescription
from pynomaly.domain.errors import CorruptModel, InvalidData, NotStorable
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.pyod_adapter.models import learn
from pynomaly.infrastructure.algorithms.pyod_adapter.row import Settings
from pynomaly.infrastructure.algorithms.pyod_adapter.session import load_class
from pynomaly.infrastructure.algorithms.pyod_adapter.stored_sample import read_stored_sample
from pynomaly.infrastructure.algorithms.pyod_adapter.table import PYOD_TABLE
from pynomaly.infrastructure.algorithms.scoring_rows import training_rows


@dataclass(frozen=True, slots=True)
class PyodAlgorithm:
    """A detector of PyOD, made inductive where it honestly can be, and refused where it cannot.

    What: fits the PyOD class its table row names and scores by `decision_function` only; thresholds, labels and
    probabilities of PyOD are not used. Rows of a transductive class are fitted in a fixed order, so that their scores
    do not depend on the order of the table, and only that very table can be scored.

    When: for breadth, or to compare with published results. Our own detectors are faster, smaller and inductive.
    Fails with InvalidData or NonFiniteScores where PyOD would return NaN or one score for all.

    Cost: the first fit imports PyOD, one to two seconds and about 200 MB; classes with compiled parts (HBOS, QMCD, SOD,
    LOCI, ROD) add one to ten seconds once per process. PyOD scores its training rows at fit. One call runs at a time.

    description: a row of PYOD_ROWS.  settings: every parameter of it, checked; None lets PyOD choose.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), higher is stranger.
    Raises TooFewRows, InvalidData, NonFiniteScores, ExtraNotInstalled.

    Random: all from `seed`; numpy's legacy random state is left as it was.

    Source: Zhao, Nasrullah and Li (2019), "PyOD: a Python toolbox for scalable outlier detection", JMLR 20(96); each
    row names its own paper.

    >>> import numpy as np
    >>> known = PYOD_TABLE["pyod.mad"].description
    >>> rows = FeatureMatrix(np.array([[1.0], [2.0], [3.0], [4.0], [50.0]]), ("size",))
    >>> PyodAlgorithm(known, {}).fit(rows, seed=0).score(np.array([[3.0], [50.0]])).round(2)
    array([ 0. , 31.7])
    """

    description: AlgorithmDescription
    settings: Settings

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> FittedModel:
        """Learn from a matrix of finite numbers. Raises TooFewRows, InvalidData, ExtraNotInstalled."""
        rows = training_rows(matrix, min_rows=self.description.min_rows)
        return learn(PYOD_TABLE[self.description.name], self.settings, rows, seed=seed)

    @staticmethod
    def restore(description: AlgorithmDescription, state: ModelState) -> FittedModel:
        """Fit the stored rows again and prove that the scores are those of the stored model.

        Raises CorruptModel, NotStorable, ExtraNotInstalled.
        """
        row = PYOD_TABLE[description.name]
        if not description.is_storable:
            raise NotStorable(f"{description.name}: {description.not_storable_because}")
        load_class(row.target)
        sample = read_stored_sample(state, row)
        try:
            model = learn(row, sample.settings, sample.rows, seed=sample.seed)
        except InvalidData as error:
            raise CorruptModel(f"the model's stored rows cannot be learned from: {error}") from error
        sample.verify(model.score)
        return model

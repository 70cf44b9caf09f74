"""What a detector is told while it is fitted: labels where it learns from them, and who listens."""

from dataclasses import dataclass

import pyarrow as pa

from pynomaly.application.fitting import fit_model, labels_of
from pynomaly.domain.algorithm import AlgorithmDescription
from pynomaly.domain.columns import ColumnRole
from pynomaly.infrastructure.data.matrix_builder import ArrowPreparer
from pynomaly.infrastructure.data.table_reader import TableReader
from tests.fakes.algorithms import LabelLearner, Memorizer, Talker

N_ROWS = 50
ANSWERS = [True, False, None, None, False] * 10
MARKS = [1, 0, -1, -1, 0] * 10


@dataclass(frozen=True)
class OneAlgorithm:
    """A catalogue of one algorithm."""

    algorithm: object

    def describe(self, name):
        return AlgorithmDescription(name=name, title=name, family="fake", summary="", reference="")

    def create(self, name, parameters):
        return self.algorithm


def fitted(algorithm, *, is_labelled=True, **more):
    rows = pa.table({"size": [float(row) for row in range(N_ROWS)], "is_bad": ANSWERS})
    table = TableReader().read(rows).describe(roles={"is_bad": ColumnRole.LABEL}, kinds={})
    labels = labels_of(table, "is_bad") if is_labelled else None
    return fit_model(
        table, OneAlgorithm(algorithm), ArrowPreparer(), algorithm="fake", parameters={}, seed=0, labels=labels, **more
    )


def test_a_detector_that_learns_from_labels_is_shown_what_is_known_of_each_row():
    learner = LabelLearner()
    fitted(learner)
    assert list(learner.told[0].values()) == MARKS


def test_the_calibration_rests_on_models_that_did_not_know_the_label_of_the_scored_row():
    learner = LabelLearner()
    fit = fitted(learner)
    assert sorted(fit.training_scores.values) == [0.0] * 40 + [1.0] * 10
    assert set(fit.model.calibration.reference) == {0.0}
    assert [len(told) for told in learner.told[1:]] == [40] * 5
    assert all(told.items() <= learner.told[0].items() for told in learner.told[1:])


def test_without_labels_it_is_fitted_plainly():
    learner = LabelLearner()
    fitted(learner, is_labelled=False)
    assert learner.told == [None] * 6


def test_any_other_detector_is_fitted_without_labels():
    memorizer = Memorizer()
    fitted(memorizer)
    assert [n_rows for n_rows, _ in memorizer.fits] == [N_ROWS, *[40] * 5]


def test_a_detector_that_tells_its_progress_is_given_who_listens_for_the_final_fit_only():
    heard = []
    fitted(Talker(), progress=lambda stage, share: heard.append((stage, share)))
    assert heard.count(("fitting", 0.5)) == 1
    assert heard.index(("fitting", 0.0)) < heard.index(("fitting", 0.5))

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from pynomaly.application.ports.algorithm import LearnsFromLabels
from pynomaly.domain.errors import InvalidData
from pynomaly.infrastructure.algorithms.torch_models.deep_sad import DeepSad
from tests.infrastructure.algorithms.torch_models.tables import matrix_of

UNKNOWN = np.full(300, -1, dtype=np.int8)


def two_kinds(seed=0):
    """Return normal rows and, last, 30 rows of a kind that lies among them in every single column."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(300, 1)) * [1.0, 1.0, -1.0] + 0.3 * rng.normal(size=(300, 3))
    rows[-30:, 1] *= -1
    return rows


def test_it_is_known_to_learn_from_labels():
    assert isinstance(DeepSad(), LearnsFromLabels)


def test_ten_known_anomalies_teach_their_kind():
    labels = UNKNOWN.copy()
    labels[-10:] = 1
    rows = matrix_of(two_kinds())
    fresh = two_kinds(seed=1)
    told, not_told = (
        roc_auc_score(np.arange(300) >= 270, DeepSad(epochs=30).fit_labelled(rows, known, seed=0).score(fresh))
        for known in (labels, UNKNOWN)
    )
    assert told > not_told + 0.05


def test_known_normal_rows_are_drawn_closer_the_more_a_label_weighs():
    rows, labels = two_kinds(), UNKNOWN.copy()
    labels[-20:] = 0
    scores = [
        DeepSad(epochs=30, label_weight=weight).fit_labelled(matrix_of(rows), labels, seed=0).score(rows)
        for weight in (0.0, 20.0)
    ]
    shares = [values[-20:].mean() / values.mean() for values in scores]
    assert shares[1] < shares[0]


def test_with_no_label_known_it_is_the_plain_fit():
    rows = matrix_of(two_kinds())
    detector = DeepSad(epochs=5)
    plain, told = detector.fit(rows, seed=3), detector.fit_labelled(rows, UNKNOWN, seed=3)
    assert np.array_equal(plain.score(rows.values), told.score(rows.values))


def test_rows_that_are_all_known_anomalies_can_be_learned_from():
    rows = matrix_of(two_kinds())
    model = DeepSad(epochs=2).fit_labelled(rows, np.ones(300, dtype=np.int8), seed=0)
    assert np.isfinite(model.score(rows.values)).all()


def test_it_has_no_biases_so_the_middle_stays_where_it_is():
    model = DeepSad(epochs=5).fit(matrix_of(two_kinds()), seed=0)
    assert model.encoder.biases == ()
    middle = model.standardiser.centre[None]
    np.testing.assert_allclose(model.score(middle), np.sum(model.aim**2), rtol=1e-12)


def test_a_network_that_puts_every_row_in_one_place_is_refused():
    with pytest.raises(InvalidData, match="one place"):
        DeepSad(epochs=2).fit(matrix_of(np.ones((50, 3))), seed=0)


def test_labels_of_another_table_are_refused():
    with pytest.raises(InvalidData, match="4 labels for 300 rows"):
        DeepSad().fit_labelled(matrix_of(two_kinds()), np.zeros(4, dtype=np.int8), seed=0)

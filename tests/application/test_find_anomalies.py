"""One look at a table, through the program as it is built for production."""

import numpy as np
import pyarrow as pa
import pytest

from pynomaly.application.explaining import explain
from pynomaly.bootstrap import build
from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.decision import AlarmBudget, FalseDiscoveryControl, ProbabilityThreshold
from pynomaly.domain.errors import ColumnMismatch, EmptyDataset, PolicyNotAvailable, TooFewRows

OWN = ("isolation_forest", "ecod", "hbos", "knn", "pca")


def payments(n=400, seed=0):
    rng = np.random.default_rng(seed)
    amount = rng.lognormal(3, 0.5, n)
    amount[7] = 9_000.0
    country = rng.choice(["NL", "DE", "FR"], n, p=[0.6, 0.3, 0.1]).astype(object)
    country[11] = "XX"
    return pa.table(
        {
            "payment_id": [f"tx-{i:06d}" for i in range(n)],
            "amount": amount,
            "country": pa.array(country, pa.string()),
            "hours": rng.normal(12, 3, n),
            "fraud": np.isin(np.arange(n), [7, 11]),
        }
    )


def look(source, **choices):
    return build().find_anomalies(source=source, **choices)


@pytest.mark.parametrize("algorithm", OWN)
def test_a_planted_anomaly_is_found_and_its_column_is_the_first_reason(algorithm):
    found = look(payments(), algorithm=algorithm, label="fraud", policy=AlarmBudget(rows=4)).findings
    anomaly = next(one for one in found.strangest if one.row == 7)
    assert anomaly.is_anomaly
    assert anomaly.identifier == "tx-000007"
    assert anomaly.reasons[0].feature == "amount"
    assert anomaly.reasons[0].value == pytest.approx(9_000.0)
    assert anomaly.reasons[0].typical.high < 100


@pytest.mark.parametrize("algorithm", OWN)
def test_a_row_scores_the_same_alone_in_its_table_and_in_a_shuffled_table(algorithm):
    table = payments()
    found = look(table, algorithm=algorithm, label="fraud", with_reasons=False)
    reader = build().reader
    order = np.random.default_rng(5).permutation(table.num_rows)
    shuffled = found.model.score(reader.read(table.take(pa.array(order)))).values
    np.testing.assert_allclose(shuffled, found.findings.scores[order], rtol=0, atol=1e-9)
    for row in (0, 7, 11, 399):
        alone = found.model.score(reader.read(table.slice(row, 1))).values
        np.testing.assert_allclose(alone, found.findings.scores[row], rtol=0, atol=1e-9)


@pytest.mark.parametrize("algorithm", OWN)
def test_contributions_add_up_to_the_score_above_unremarkable_rows(algorithm):
    found = look(payments(), algorithm=algorithm, label="fraud")
    reasons = explain(found.model, found.table, [7, 7])
    assert reasons[0] == reasons[1]
    total = sum(reason.contribution for reason in reasons[0])
    calm = found.model.fitted.score(found.model.background).mean()
    assert total >= (found.findings.scores[7] - calm) * 0.99  # only raising columns are listed
    assert reasons[0] == tuple(sorted(reasons[0], key=lambda reason: -reason.contribution))


def test_labels_change_the_evaluation_and_never_a_score():
    table = payments()
    swapped = table.set_column(4, "fraud", pa.array(np.arange(400) >= 390))
    first, second = look(table, label="fraud").findings, look(swapped, label="fraud").findings
    assert np.array_equal(first.scores, second.scores)
    assert first.evaluation.roc_auc > 0.9
    assert first.evaluation != second.evaluation


def test_rows_are_held_against_separate_training_rows():
    clean = payments(seed=1).filter(pa.array(~np.isin(np.arange(400), [7, 11])))
    found = look(payments().slice(0, 50), train=clean, label="fraud", policy=FalseDiscoveryControl(0.3)).findings
    assert 7 in [anomaly.row for anomaly in found.anomalies]
    assert found.rows.p_values.min() == pytest.approx(1 / 399)  # stranger than each of the 398 training rows


def test_false_discovery_control_without_separate_rows_says_why_it_finds_little():
    found = look(payments(), label="fraud", policy=FalseDiscoveryControl(0.1))
    assert any("--train" in note for note in found.notes)


def test_a_missing_column_is_named_with_its_typo():
    renamed = payments().rename_columns(["payment_id", "amonut", "country", "hours", "fraud"])
    with pytest.raises(ColumnMismatch, match=r"column 'amount' missing; did you mean 'amonut'\?"):
        look(renamed, train=payments())


def test_a_threshold_without_labels_is_refused_with_the_policies_that_work():
    with pytest.raises(PolicyNotAvailable, match="--budget"):
        look(payments(), policy=ProbabilityThreshold(0.5))


def test_probabilities_are_null_where_nothing_taught_them():
    assert look(payments(), label="fraud").findings.rows.probabilities is None


def test_one_row_cannot_be_learned_from_and_the_error_says_what_to_do():
    with pytest.raises(TooFewRows, match="--train"):
        look(payments().slice(0, 1))


def test_a_table_without_a_usable_column_is_refused():
    with pytest.raises(EmptyDataset):
        look(pa.table({"a": [1.0] * 50}))


def test_labels_of_one_class_leave_the_evaluation_out_with_a_note():
    table = payments().set_column(4, "fraud", pa.array([False] * 400))
    found = look(table, label="fraud")
    assert found.findings.evaluation is None
    assert any("nothing to evaluate" in note for note in found.notes)


def test_an_ignored_column_is_neither_learned_nor_a_reason():
    found = look(payments(), label="fraud", roles={"amount": ColumnRole.IGNORED}).findings
    assert all(reason.feature != "amount" for one in found.strangest for reason in one.reasons)


def test_the_same_seed_gives_the_same_findings():
    first, second = look(payments(), seed=3).findings, look(payments(), seed=3).findings
    assert np.array_equal(first.scores, second.scores)
    assert first.strangest == second.strangest

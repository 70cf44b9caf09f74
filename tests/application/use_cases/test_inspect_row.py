from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from pynomaly.application.inspecting import inspect
from pynomaly.application.model_artifact import from_artifact
from pynomaly.domain.columns import ColumnRole
from pynomaly.domain.decision import AlarmBudget
from pynomaly.domain.errors import Conflict, NotFound
from pynomaly.domain.inspection import Bound, Counterfactual, NoCounterfactual
from pynomaly.infrastructure.data.arrow_table import ArrowTable
from tests.application.use_cases.orders import orders, trained


@pytest.fixture
def detection(workspace):
    trained(workspace)
    return workspace.detect_anomalies(detector="Fraud", dataset="orders", n_strangest=10).detection


def shop(n=400, seed=1):
    """Orders of several kinds of columns: row 0 has an amount far out, rows 1 and 2 have one as well, row 3 is fine."""
    rng = np.random.default_rng(seed)
    amounts = rng.integers(300, 1000, n)
    amounts[:3] = (14_300, 15_000, 13_900)
    devices = np.array(["ios", "android", "web"])[rng.integers(0, 3, n)].tolist()
    devices[5] = None
    times = np.datetime64("2026-01-05T08:00", "s") + rng.integers(0, 8 * 3600, n).astype("timedelta64[s]")
    return pa.table(
        {
            "order": [f"K-{row:03d}" for row in range(n)],
            "amount": amounts,
            "weight": rng.normal(5.0, 1.0, n),
            "device": devices,
            "at": times,
            "odd": [row < 3 for row in range(n)],
        }
    )


def look(workspace, *, table=None, algorithm="isolation_forest", policy=None, n_strangest=10, train=None):
    rows = shop() if table is None else table
    roles = {"odd": ColumnRole.LABEL} if "odd" in rows.column_names else {}
    workspace.register_dataset(source=rows, name="shop", source_name="shop.csv", roles=roles)
    if train is not None:
        workspace.register_dataset(source=train, name="past", source_name="past.csv", roles=roles)
    workspace.create_detector(name="Shop", algorithm=algorithm)
    workspace.train_detector(detector="Shop", dataset="shop" if train is None else "past")
    return workspace.detect_anomalies(detector="Shop", dataset="shop", policy=policy, n_strangest=n_strangest).detection


def model_of(workspace, program):
    detector, _ = workspace.queries.detector("Shop")
    artifact = workspace.inspect_row.models.load(detector.version(None).model)
    return from_artifact(artifact, program.catalog, program.preparer)


def test_an_inspection_begins_with_what_an_explanation_says(workspace, detection):
    for row in (0, 1, 77):
        inspection = workspace.inspect_row(detection=detection.id, row=row)
        assert inspection.anomaly == workspace.explain_row(detection=detection.id, row=row)
        assert inspection == workspace.inspect_row(detection=detection.id, row=row)


@pytest.mark.parametrize("algorithm", ["ecod", "isolation_forest"])
def test_the_parts_of_all_columns_sum_to_the_score_less_a_typical_one(workspace, algorithm):
    detection = look(workspace, algorithm=algorithm)
    for row in (0, 5, 100):
        inspection = workspace.inspect_row(detection=detection.id, row=row)
        parts = [cell.contribution for cell in inspection.contributions]
        assert len(parts) == 4
        assert parts == sorted(parts, reverse=True)
        assert inspection.typical_score + sum(parts) == pytest.approx(inspection.anomaly.score)
    detector_scores = workspace.queries.scored_rows(detection.id)[1].scores
    assert inspection.typical_score < np.quantile(detector_scores, 0.9)


def test_every_cell_comes_as_it_is_beside_what_is_usual(workspace):
    detection = look(workspace)
    inspection = workspace.inspect_row(detection=detection.id, row=5)
    cells = {cell.column.name: cell for cell in inspection.cells}
    assert list(cells) == ["order", "amount", "weight", "device", "at", "odd"]
    assert (cells["order"].value, cells["order"].contribution) == ("K-005", None)
    assert (cells["device"].value, cells["odd"].contribution) == (None, None)
    assert 300 <= cells["amount"].typical.low < cells["amount"].typical.high <= 1000


def test_what_training_never_held_is_called_new(workspace):
    table = shop().slice(10)
    words = table.column("device").to_pylist()
    words[4], words[5] = "fax", None
    changed = table.set_column(3, "device", pa.array(words))
    detection = look(workspace, table=changed, train=table)
    new = [
        {cell.column.name for cell in workspace.inspect_row(detection=detection.id, row=row).cells if cell.is_new}
        for row in (3, 4)
    ]
    assert new == [set(), {"device"}]


def test_the_rank_counts_equal_scores_in_row_order(workspace, detection):
    scores = workspace.queries.scored_rows(detection.id)[1].scores
    order = np.lexsort((np.arange(scores.size), -scores))
    for rank in (1, 2, 60, 120):
        row = int(order[rank - 1])
        assert workspace.inspect_row(detection=detection.id, row=row).rank == rank


def test_the_nearest_rows_are_the_nearest_normal_ones_of_all(workspace):
    table, detection = shop(), look(workspace)
    inspection = workspace.inspect_row(detection=detection.id, row=0)
    flagged = workspace.queries.scored_rows(detection.id)[1].is_anomaly
    near = inspection.around.nearest
    assert len(near) == 5
    assert not flagged[[one.row for one in near]].any()
    assert [one.distance for one in near] == sorted(one.distance for one in near)
    assert (inspection.around.n_compared, inspection.around.n_normal) == (int((~flagged).sum()),) * 2
    # by the definition, for two columns whose differences are told row by row
    amounts, spans = table.column("amount").to_numpy(), {}
    for cell in inspection.cells:
        if cell.typical.low is not None:
            spans[cell.column.name] = cell.typical.high - cell.typical.low
    for one in near:
        cells = {cell.column: cell for cell in one.cells}
        assert cells.keys() == {"amount", "weight", "device", "at"}
        assert cells["amount"].value == amounts[one.row]
        apart = min(abs(int(amounts[one.row]) - 14_300) / spans["amount"], 1.0)
        assert cells["amount"].difference == pytest.approx(apart)
        same = table.column("device")[one.row].as_py() == table.column("device")[0].as_py()
        assert cells["device"].difference == (0.0 if same else 1.0)
        assert one.distance == pytest.approx(np.mean([cell.difference for cell in one.cells]))
        assert one.identifier == f"K-{one.row:03d}"


def test_anomalies_for_the_same_reason_are_similar(workspace):
    detection = look(workspace, policy=AlarmBudget(rows=6))
    similar = workspace.inspect_row(detection=detection.id, row=0).around.similar
    assert {one.row for one in similar if one.shared} >= {1, 2}
    assert {one.shared for one in similar if one.row in (1, 2)} == {("amount",)}
    assert all(one.row != 0 for one in similar)


def test_an_amount_far_below_is_not_like_one_far_above(workspace, detection):
    # row 0 has 900 and row 1 has -700 where 100 is usual
    strangest = {one.row: one for one in detection.strangest}
    assert all("amount" in {reason.feature for reason in strangest[row].reasons[:2]} for row in (0, 1))
    similar = {one.row: one for one in workspace.inspect_row(detection=detection.id, row=0).around.similar}
    assert similar[1].shared == ()  # it is there because no normal row is nearer


def test_one_number_that_is_enough_is_moved_no_further_than_it_has_to_be(workspace, program):
    detection = look(workspace)
    inspection = workspace.inspect_row(detection=detection.id, row=0)
    found = inspection.counterfactual
    assert isinstance(found, Counterfactual)
    (change,) = found.changes
    assert (change.column, change.value, change.bound) == ("amount", 14_300, Bound.AT_MOST)
    assert isinstance(change.instead, int)
    assert 300 <= change.instead < 14_300
    model = model_of(workspace, program)

    def score_with(amount):
        row = shop().slice(0, 1)
        columns = row.set_column(1, "amount", pa.array([amount]))
        table = ArrowTable(name="row", data=columns, columns=workspace.queries.dataset("shop").columns)
        return float(model.score(table).values[0])

    assert score_with(14_300) == pytest.approx(inspection.anomaly.score)
    assert found.score == score_with(change.instead) < detection.score_threshold
    steps = np.linspace(change.tried_from, change.instead, 20).astype(int).tolist()
    assert all(score_with(amount) < detection.score_threshold for amount in steps)
    assert score_with(int(change.instead * 1.02) + 2) >= detection.score_threshold


def test_a_row_below_the_line_needs_no_change(workspace, detection):
    assert workspace.inspect_row(detection=detection.id, row=77).counterfactual is NoCounterfactual.IS_BELOW


def test_without_a_line_nothing_can_be_below_it(workspace):
    detection = look(workspace, policy=AlarmBudget(rows=0))
    assert workspace.inspect_row(detection=detection.id, row=0).counterfactual is NoCounterfactual.NO_LINE


def test_a_row_that_is_strange_everywhere_has_no_way_back_within_five_columns(workspace):
    rng = np.random.default_rng(0)
    columns = {f"f{place}": np.append(rng.normal(size=300), 40.0) for place in range(20)}
    detection = look(workspace, table=pa.table(columns), algorithm="ecod")
    assert workspace.inspect_row(detection=detection.id, row=300).counterfactual is NoCounterfactual.TOO_DEEP


def test_a_row_of_two_strange_cells_needs_both_changed(workspace, program):
    rng = np.random.default_rng(0)
    columns = {f"f{place}": rng.normal(size=300) for place in range(6)}
    columns["f1"][7] = columns["f4"][7] = 30.0
    detection = look(workspace, table=pa.table(columns), algorithm="knn")
    found = workspace.inspect_row(detection=detection.id, row=7).counterfactual
    assert isinstance(found, Counterfactual)
    assert {change.column for change in found.changes} == {"f1", "f4"}
    assert {change.bound for change in found.changes} == {Bound.EXACTLY}
    assert found.score < detection.score_threshold


def test_where_all_rows_are_flagged_there_is_no_normal_one_to_compare_with(workspace):
    detection = look(workspace, policy=AlarmBudget(share=1.0))
    inspection = workspace.inspect_row(detection=detection.id, row=0)
    assert (inspection.around.nearest, inspection.around.n_normal) == ((), 0)
    assert inspection.around.similar


def test_of_many_rows_some_are_compared_evenly_spread_and_the_answer_is_the_same_every_time(workspace, monkeypatch):
    from pynomaly.application import neighbours

    monkeypatch.setattr(neighbours, "MAX_NORMAL_ROWS", 50)
    detection = look(workspace)
    first = workspace.inspect_row(detection=detection.id, row=0)
    assert (first.around.n_compared, first.around.n_normal > 300) == (50, True)
    assert workspace.inspect_row(detection=detection.id, row=0) == first


def test_a_detector_that_cannot_score_other_rows_still_shows_the_rows_around(workspace, program):
    detection = look(workspace)
    model = replace(model_of(workspace, program), is_inductive=False)
    table, (_, rows) = workspace.queries.dataset_rows("shop"), workspace.queries.scored_rows(detection.id)
    inspection = inspect(model, table, rows, detection, 0)
    assert inspection.counterfactual is NoCounterfactual.CANNOT_RESCORE
    assert (inspection.contributions, inspection.typical_score) == ((), None)
    assert len(inspection.around.nearest) == 5


@pytest.mark.parametrize("row", [-1, 120, 10**12])
def test_a_row_that_is_not_there_is_not_found(workspace, detection, row):
    with pytest.raises(NotFound, match=f"has rows 0 to 119, not {row}"):
        workspace.inspect_row(detection=detection.id, row=row)


def test_rows_that_were_not_kept_cannot_be_inspected_later(workspace, detection):
    passing = workspace.detect_anomalies(detector="Fraud", source=orders()).detection
    with pytest.raises(Conflict, match="were not kept; detect on a stored dataset instead"):
        workspace.inspect_row(detection=passing.id, row=0)

import pyarrow as pa
import pytest

from pynomaly.domain.errors import InvalidLabels
from pynomaly.infrastructure.data.columns.binary_labels import is_label_name, labels_of


def read(cells: list[object], **options: object) -> list[bool | None]:
    return labels_of(pa.chunked_array([pa.array(cells, **options)]), "label").per_row


@pytest.mark.parametrize(
    ("cells", "labels"),
    [
        ([0, 1, None], [False, True, None]),
        ([1.0, 0.0, float("nan")], [True, False, None]),
        ([True, False, None], [True, False, None]),
        (["Yes", " no ", "", "Y"], [True, False, None, True]),
        (["normal", "ATTACK"], [False, True]),
        (["good", "bad"], [False, True]),
        (["1", "0"], [True, False]),
        ([0, 0], [False, False]),
    ],
)
def test_words_that_say_yes_or_no_are_understood(cells: list[object], labels: list[bool | None]) -> None:
    assert read(cells) == labels


def test_minus_one_is_the_anomaly_as_in_scikit_learn_and_says_so() -> None:
    labels = labels_of(pa.chunked_array([[1, -1, -1]]), "label")
    assert labels.per_row == [False, True, True]
    assert "-1 is read as the anomaly" in labels.note


def test_of_two_other_values_the_rarer_is_the_anomaly_and_says_so() -> None:
    labels = labels_of(pa.chunked_array([["blue", "red", "blue"]]), "label")
    assert labels.per_row == [False, True, False]
    assert "'red'" in labels.note


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([1, 2, 3], "3 different values"),
        ([None], "no value at all"),
        (["a"], "1 different value "),
        ([[1], [2]], "list"),
    ],
)
def test_anything_else_is_refused_saying_what_was_found(cells: list[object], said: str) -> None:
    with pytest.raises(InvalidLabels, match=said):
        read(cells)


@pytest.mark.parametrize("name", ["label", "Label", "is_anomaly", "Is Anomaly", "_target", "Class"])
def test_a_name_can_announce_an_answer(name: str) -> None:
    assert is_label_name(name)


@pytest.mark.parametrize("name", ["labelled_by", "amount", "target_price", "attack_type"])
def test_other_names_announce_nothing(name: str) -> None:
    assert not is_label_name(name)

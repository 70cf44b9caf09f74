from collections.abc import Mapping
from pathlib import Path

import pytest

from pynomaly.application.ports.intake import TakenIn
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.errors import InvalidRequest, UnreadableFile
from pynomaly.infrastructure.intake.in_child import InChildIntake, taken_in_from_json, taken_in_to_json

TAKEN = TakenIn(
    fingerprint="ab" * 32,
    columns=(Column("speed", ColumnKind.NUMBER), Column("id", ColumnKind.IDENTIFIER, ColumnRole.IDENTIFIER, "a key")),
    n_rows=3,
    notes=("one note",),
)


def test_what_a_child_answers_is_what_was_taken_in() -> None:
    assert taken_in_from_json(taken_in_to_json(TAKEN)) == TAKEN


def test_a_child_is_asked_in_plain_json(tmp_path: Path) -> None:
    asked: list[Mapping[str, JsonValue]] = []

    def run(arguments: Mapping[str, JsonValue]) -> JsonValue:
        asked.append(arguments)
        return taken_in_to_json(TAKEN)

    roles, kinds = {"a": ColumnRole.LABEL}, {"b": ColumnKind.TEXT}
    taken = InChildIntake(run, tmp_path / "tables").take_in(tmp_path / "x", name="x.csv", roles=roles, kinds=kinds)
    assert taken == TAKEN
    assert asked == [
        {
            "path": str(tmp_path / "x"),
            "name": "x.csv",
            "roles": {"a": "label"},
            "kinds": {"b": "text"},
            "tables": str(tmp_path / "tables"),
        }
    ]


@pytest.mark.parametrize("source", ["-", b"bytes", 7, None])
def test_only_files_are_read_elsewhere(tmp_path: Path, source: object) -> None:
    with pytest.raises(InvalidRequest, match="only a file"):
        InChildIntake(lambda _: None, tmp_path).take_in(source, name="x", roles={}, kinds={})


@pytest.mark.parametrize(
    "changed",
    [
        {"fingerprint": "../../secrets"},
        {"fingerprint": 7},
        {"n_rows": -1},
        {"n_rows": True},
        {"n_rows": "3"},
        {"columns": []},
        {"columns": [["a", "number", "feature"]]},
        {"columns": [["a", "magic", "feature", ""]]},
        {"columns": [[7, "number", "feature", ""]]},
        {"columns": None},
        {"notes": [7]},
        {"notes": 7},
    ],
)
def test_an_answer_that_makes_no_sense_is_not_believed(changed: dict[str, JsonValue]) -> None:
    with pytest.raises(UnreadableFile, match="no sensible account"):
        taken_in_from_json({**taken_in_to_json(TAKEN), **changed})


@pytest.mark.parametrize("answer", [None, 7, [], {}, "x"])
def test_an_answer_of_another_shape_is_not_believed(answer: JsonValue) -> None:
    with pytest.raises(UnreadableFile, match="no sensible account"):
        taken_in_from_json(answer)

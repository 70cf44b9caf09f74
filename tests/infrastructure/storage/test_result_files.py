import csv
import io
import json
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pynomaly.application.ports.stores import ResultFiles
from pynomaly.domain.errors import InvalidRequest, UnreadableFile
from pynomaly.infrastructure.storage.result_files import ResultWriter
from tests.infrastructure.storage.examples import scored

SUFFIXES = (".parquet", ".csv", ".jsonl", ".arrow")
COLUMNS = ["row", "customer", "score", "severity", "p_value", "probability", "is_anomaly"]


def _read(path: Path) -> pd.DataFrame:
    match path.suffix:
        case ".parquet":
            return pd.read_parquet(path)
        case ".csv":
            return pd.read_csv(path)
        case ".jsonl":
            return pd.DataFrame([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()])
        case _:
            return pl.read_ipc(path).to_pandas()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_other_programs_read_one_line_per_row_in_the_stated_columns(tmp_path: Path, suffix: str) -> None:
    files: ResultFiles = ResultWriter()
    rows = scored(70_001)
    files.write(rows, tmp_path / f"result{suffix}")
    found = _read(tmp_path / f"result{suffix}")
    assert list(found.columns) == COLUMNS
    assert list(found["row"]) == list(range(70_001))
    assert list(found["customer"]) == rows.identifiers
    figures = {"score": rows.scores, "severity": rows.severities, "p_value": rows.p_values}
    for name, expected in {**figures, "probability": rows.probabilities}.items():
        assert found[name].to_numpy().tobytes() == expected.tobytes()
    assert found["is_anomaly"].to_numpy().tolist() == rows.is_anomaly.tolist()
    assert [path.name for path in tmp_path.iterdir()] == [f"result{suffix}"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_unknown_is_null_and_never_invented(tmp_path: Path, suffix: str) -> None:
    ResultWriter().write(scored(3, probabilities=None, severities=None), tmp_path / f"result{suffix}")
    assert _read(tmp_path / f"result{suffix}")[["severity", "probability"]].isna().all(axis=None)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_without_an_identifier_there_is_no_identifier_column(tmp_path: Path, suffix: str) -> None:
    ResultWriter().write(scored(3, identifier_name=None, identifiers=None), tmp_path / f"result{suffix}")
    assert list(_read(tmp_path / f"result{suffix}").columns) == [name for name in COLUMNS if name != "customer"]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("name", ["row", "score", "severity", "p_value", "probability", "is_anomaly"])
def test_an_identifier_called_like_one_of_our_columns_gets_a_suffix(tmp_path: Path, suffix: str, name: str) -> None:
    ResultWriter().write(scored(2, identifier_name=name), tmp_path / f"result{suffix}")
    assert list(_read(tmp_path / f"result{suffix}").columns)[:2] == ["row", f"{name}_id"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_rows_give_a_file_without_rows(tmp_path: Path, suffix: str) -> None:
    ResultWriter().write(scored(0), tmp_path / f"result{suffix}")
    assert len(_read(tmp_path / f"result{suffix}")) == 0


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_older_file_is_replaced(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"result{suffix}").write_text("old")
    ResultWriter().write(scored(2), tmp_path / f"result{suffix}")
    assert len(_read(tmp_path / f"result{suffix}")) == 2


def test_a_suffix_may_be_in_capitals(tmp_path: Path) -> None:
    ResultWriter().write(scored(2), tmp_path / "RESULT.PARQUET")
    assert pq.read_table(tmp_path / "RESULT.PARQUET").num_rows == 2


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("result.xlsx", r"'result.xlsx' has no suffix .*\(\.parquet, \.csv, \.jsonl, \.arrow\)"),
        ("result.json", "did you mean '.jsonl'"),
        ("result", "no suffix"),
        ("result.csv.gz", "no suffix"),
    ],
)
def test_another_suffix_is_refused_and_the_known_ones_are_listed(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        ResultWriter().write(scored(), tmp_path / name)
    with pytest.raises(InvalidRequest, match=words):
        ResultWriter().check(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(UnreadableFile, match="it is a folder"):
        ResultWriter().check(tmp_path / "folder.csv")
    with pytest.raises(UnreadableFile, match="there is no folder"):
        ResultWriter().check(tmp_path / "nowhere" / "scores.csv")
    ResultWriter().check(tmp_path / "scores.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.csv"]


def test_a_place_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(UnreadableFile, match=r"there is no folder .*nowhere; create it first"):
        ResultWriter().write(scored(), tmp_path / "nowhere" / "result.csv")
    with pytest.raises(UnreadableFile, match="it is a folder; give the name of a file"):
        ResultWriter().write(scored(), tmp_path / "folder.csv")
    with pytest.raises(UnreadableFile, match=r"there is no folder .*file; create it first"):
        ResultWriter().write(scored(), tmp_path / "file" / "result.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder.csv"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "target.csv")
    ResultWriter().write(scored(2), tmp_path / "link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert len(_read(tmp_path / "target.csv")) == 2


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".arrow"])
def test_identifiers_of_any_type_are_written(tmp_path: Path, suffix: str) -> None:
    for identifiers in ([{}, {}], [{"a": 1}, None], [b"x", None], [[1], []], [None, None], [date(2024, 1, 2), None]):
        ResultWriter().write(scored(2, identifiers=identifiers), tmp_path / f"result{suffix}")
        assert len(_read(tmp_path / f"result{suffix}")) == 2


def test_identifiers_that_parquet_cannot_hold_are_refused_and_leave_nothing(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match=r"try \.jsonl or \.csv"):
        ResultWriter().write(scored(2, identifiers=[{}, {}]), tmp_path / "result.parquet")
    assert list(tmp_path.iterdir()) == []


def test_parquet_is_compressed(tmp_path: Path) -> None:
    ResultWriter().write(scored(2), tmp_path / "result.parquet")
    assert pq.ParquetFile(tmp_path / "result.parquet").metadata.row_group(0).column(0).compression == "ZSTD"


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\0=1"]


def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(tmp_path: Path) -> None:
    harmless = ["a=1", " =1", "'=1", "", "1-1", "☂"]
    rows = scored(len(FORMULAS + harmless), identifier_name="=name", identifiers=FORMULAS + harmless)
    ResultWriter().write(rows, tmp_path / "result.csv")
    content = (tmp_path / "result.csv").read_bytes().decode()
    header, *lines = csv.reader(io.StringIO(content, newline=""))
    assert header[1] == "'=name"
    assert [line[1] for line in lines] == [f"'{text}" for text in FORMULAS] + harmless


def test_negative_numbers_stay_numbers_in_csv(tmp_path: Path) -> None:
    rows = scored(2, scores=np.array([-1.5, -2e-300]), identifiers=[-3, -4])
    ResultWriter().write(rows, tmp_path / "result.csv")
    found = _read(tmp_path / "result.csv")
    assert found["score"].tolist() == [-1.5, -2e-300]
    assert found["customer"].tolist() == [-3, -4]


def test_other_formats_keep_text_as_it_is(tmp_path: Path) -> None:
    rows = scored(len(FORMULAS), identifiers=FORMULAS)
    for suffix in (".parquet", ".jsonl", ".arrow"):
        ResultWriter().write(rows, tmp_path / f"result{suffix}")
        assert _read(tmp_path / f"result{suffix}")["customer"].tolist() == FORMULAS


def test_an_arrow_file_can_be_mapped(tmp_path: Path) -> None:
    ResultWriter().write(scored(1000), tmp_path / "result.arrow")
    with pa.memory_map(str(tmp_path / "result.arrow")) as source:
        assert pa.ipc.open_file(source).read_all().column_names == COLUMNS

import io
from pathlib import Path

import pytest

from pynomaly.domain.errors import EmptyDataset, UnreadableFile
from pynomaly.infrastructure.data.content.byte_source import file_source, stream_source


def test_a_file_can_be_opened_again_and_again(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"0123456789")
    source = file_source(path)
    assert (source.head(3), source.head(3), source.tail(2), source.n_bytes) == (b"012", b"012", b"89", 10)


def test_a_stream_is_kept_in_memory() -> None:
    source = stream_source(io.BytesIO(b"0123456789"), name="standard input")
    assert (source.head(3), source.tail(20), source.n_bytes) == (b"012", b"0123456789", 10)


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("a.csv", ".csv"), ("a.CSV.gz", ".csv"), ("a.parquet.zst", ".parquet"), ("a", ""), ("a.gz", "")],
)
def test_the_suffix_is_the_one_beneath_the_compression(tmp_path: Path, name: str, suffix: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert file_source(tmp_path / name).suffix == suffix


def test_a_missing_file_is_named_with_its_closest_neighbour(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_bytes(b"x")
    with pytest.raises(UnreadableFile, match=r"there is no file .*; did you mean 'orders\.csv'\?"):
        file_source(tmp_path / "order.csv")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="is a folder"):
        file_source(tmp_path)


def test_an_impossible_path_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        file_source(Path("x\0y"))


def test_a_file_used_as_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x")
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        file_source(tmp_path / "x" / "y.csv")


def test_nothing_at_all_is_an_empty_dataset(tmp_path: Path) -> None:
    (tmp_path / "x.csv").touch()
    with pytest.raises(EmptyDataset, match="0 bytes"):
        file_source(tmp_path / "x.csv")
    with pytest.raises(EmptyDataset, match="0 bytes"):
        stream_source(io.BytesIO(), name="standard input")


def test_a_link_that_leads_nowhere_is_not_its_own_suggestion(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").symlink_to(tmp_path / "gone")
    with pytest.raises(UnreadableFile, match=r"there is no file '[^']*'\.$"):
        file_source(tmp_path / "orders.csv")

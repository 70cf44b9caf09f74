from pathlib import Path

import pyarrow as pa
import pyarrow.feather
import pytest

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.content.byte_source import file_source
from pynomaly.infrastructure.data.formats.arrow_reader import read

TABLE = pa.table({"x": [1.5, None, 2.5], "site": pa.array(["a", "NA", "b"]).dictionary_encode()})
EXPECTED = {"x": [1.5, None, 2.5], "site": ["a", None, "b"]}


def test_a_feather_file_is_read(tmp_path: Path) -> None:
    pyarrow.feather.write_feather(TABLE, tmp_path / "x.feather")
    assert read(file_source(tmp_path / "x.feather")).data.to_pydict() == EXPECTED


@pytest.mark.parametrize("new", [pa.ipc.new_file, pa.ipc.new_stream])
def test_a_file_and_a_stream_give_the_same_table(tmp_path: Path, new: object) -> None:
    with new(str(tmp_path / "x.arrow"), TABLE.schema) as writer:
        writer.write_table(TABLE, max_chunksize=2)
    assert read(file_source(tmp_path / "x.arrow")).data.to_pydict() == EXPECTED


@pytest.mark.parametrize("new", [pa.ipc.new_file, pa.ipc.new_stream])
def test_a_file_cut_short_is_refused(tmp_path: Path, new: object) -> None:
    path = tmp_path / "x.arrow"
    with new(str(path), TABLE.schema) as writer:
        writer.write_table(TABLE)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(UnreadableFile, match="damaged Arrow data"):
        read(file_source(path))


def test_text_that_is_no_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.arrow"
    with pa.ipc.new_stream(str(path), pa.schema({"s": pa.string()})) as writer:
        writer.write_table(pa.table({"s": ["marker"]}))
    path.write_bytes(path.read_bytes().replace(b"marker", b"mar\xff\xffr"))
    with pytest.raises(UnreadableFile, match="damaged"):
        read(file_source(path))

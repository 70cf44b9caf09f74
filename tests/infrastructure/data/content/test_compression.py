import gzip
from pathlib import Path

import pyarrow as pa
import pytest

from pynomaly.domain.errors import EmptyDataset, UnreadableFile
from pynomaly.infrastructure.data.content.byte_source import ByteSource, file_source
from pynomaly.infrastructure.data.content.compression import unpacked
from pynomaly.infrastructure.data.limits import MAX_UNPACKED_RATIO, UNPACKED_RATIO_COUNTS_FROM_BYTES

TEXT = b"".join(b"%d,%d\n" % (i, i * i) for i in range(3000))


def packed(codec: str, content: bytes = TEXT) -> bytes:
    return gzip.compress(content) if codec == "gzip" else pa.compress(content, codec, asbytes=True)


def source_of(content: bytes) -> ByteSource:
    return ByteSource("x.csv.gz", content=pa.py_buffer(content))


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
def test_compressed_bytes_come_back_as_they_were(codec: str) -> None:
    result = unpacked(source_of(packed(codec)))
    assert result.head(len(TEXT) + 1) == TEXT
    assert result.suffix == ".csv"


def test_several_gzip_members_are_one_text() -> None:
    assert unpacked(source_of(packed("gzip") * 2)).n_bytes == 2 * len(TEXT)


def test_plain_bytes_are_not_copied(tmp_path: Path) -> None:
    source = source_of(TEXT)
    assert unpacked(source) is source


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
def test_a_file_cut_short_is_refused(codec: str) -> None:
    content = packed(codec)
    with pytest.raises(UnreadableFile, match=f"cut short.*{codec}"):
        unpacked(source_of(content[: len(content) // 2]))


def test_a_damaged_file_is_refused() -> None:
    content = bytearray(packed("gzip"))
    content[len(content) // 2] ^= 255
    with pytest.raises(UnreadableFile, match="damaged"):
        unpacked(source_of(bytes(content)))


def test_a_file_that_grows_without_measure_is_stopped() -> None:
    bomb = packed("gzip", b"0" * (UNPACKED_RATIO_COUNTS_FROM_BYTES + 1))
    assert len(bomb) * MAX_UNPACKED_RATIO < UNPACKED_RATIO_COUNTS_FROM_BYTES
    with pytest.raises(UnreadableFile, match="unpacks to more than 64 MiB"):
        unpacked(source_of(bomb))


def test_nothing_inside_is_an_empty_dataset() -> None:
    with pytest.raises(EmptyDataset):
        unpacked(source_of(packed("gzip", b"")))


def test_twice_compressed_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="twice"):
        unpacked(source_of(packed("gzip", packed("zstd"))))


def test_a_bomb_is_known_by_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(bytes(80 * 1024**2), mtime=0) + b"never looked at" * 200_000)
    with pytest.raises(UnreadableFile, match=r"more than 64 MiB from \d{5,6} bytes"):
        unpacked(file_source(path))

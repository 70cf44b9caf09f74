import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest

from pynomaly.application.ports.stores import ScoreStore
from pynomaly.domain.errors import CorruptModel, NotFound, UnreadableFile
from pynomaly.domain.identifiers import ScoresDigest
from pynomaly.infrastructure.storage.score_store import ArrowScoreStore
from tests.infrastructure.storage.examples import assert_same_rows, scored


@pytest.fixture
def store(tmp_path) -> ArrowScoreStore:
    return ArrowScoreStore(tmp_path / "home" / "scores")


@pytest.mark.parametrize(
    "rows",
    [
        scored(),
        scored(0, identifiers=[]),
        scored(1, probabilities=None),
        scored(2, severities=None),
        scored(identifier_name=None, identifiers=None),
        scored(3, identifiers=[1, None, 2**62]),
        scored(3, identifiers=[None, None, None]),
        scored(3, identifiers=[b"\x00", None, b""]),
        scored(2, identifiers=[datetime(2024, 1, 1, tzinfo=UTC), None]),
        scored(2, identifiers=[[1, 2], []]),
        scored(2, identifier_name="日本 ☂", identifiers=["", "☂"]),
        scored(3, scores=np.array([-0.0, 5e-324, 1e308])),
    ],
)
def test_a_result_comes_back_as_it_was(store, rows) -> None:
    port: ScoreStore = store
    assert_same_rows(port.load(port.save(rows)), rows)


def test_identifiers_of_no_common_type_come_back_as_text(store) -> None:
    mixed = scored(5, identifiers=[1, "a", None, Decimal("1.5"), "\ud800"])
    assert list(store.load(store.save(mixed)).identifiers) == ["1", "a", None, "1.5", "\\ud800"]
    beyond = scored(2, identifiers=[2**70, 1])
    assert list(store.load(store.save(beyond)).identifiers) == [str(2**70), "1"]


def test_identifiers_are_made_one_by_one_and_are_stored_again_as_they_were(store) -> None:
    digest = store.save(scored(5, identifiers=["a", "b", None, "d", "e"]))
    found = store.load(digest)
    assert (len(found.identifiers), found.identifiers[2], found.identifiers[-1]) == (5, None, "e")
    assert found.identifiers[1:4] == ["b", None, "d"]
    with pytest.raises(IndexError):
        found.identifiers[5]
    assert store.save(found) == digest


def test_scores_are_mapped_and_read_only(store) -> None:
    found = store.load(store.save(scored(1000)))
    assert not found.scores.flags.owndata
    for vector in (found.scores, found.p_values, found.probabilities, found.is_anomaly):
        assert not vector.flags.writeable


def test_the_same_result_is_one_file_named_by_its_content(store) -> None:
    digest = store.save(scored())
    assert store.save(scored()) == digest
    assert store.save(scored(5)) != digest
    assert len(list(store.folder.iterdir())) == 2
    assert (store.folder / f"{digest}.arrow").is_file()


@pytest.mark.parametrize("digest", ["0" * 64, "", "../scores", "x" * 64])
def test_an_unknown_digest_is_not_found_and_never_a_path(store, digest: str) -> None:
    store.save(scored())
    with pytest.raises(NotFound, match="run the detection again"):
        store.load(ScoresDigest(digest))


def test_a_changed_file_is_refused_before_it_is_parsed(store) -> None:
    digest = store.save(scored(100))
    file = store.folder / f"{digest}.arrow"
    healthy = file.read_bytes()
    for at in range(0, len(healthy), len(healthy) // 50):
        file.write_bytes(healthy[:at] + bytes([healthy[at] ^ 1]) + healthy[at + 1 :])
        with pytest.raises(CorruptModel, match="checksum differs; run the detection again"):
            store.load(digest)
    file.write_bytes(healthy[:-1])
    with pytest.raises(CorruptModel, match="checksum differs; run the detection again"):
        store.load(digest)


def test_an_arrow_file_that_holds_no_scores_is_refused(store) -> None:
    import hashlib

    import pyarrow as pa

    store.save(scored())
    with pa.BufferOutputStream() as sink:
        table = pa.table({"other": [1]})
        with pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
        foreign = sink.getvalue().to_pybytes()
    for content, words in ((foreign, "holds no scores"), (b"no Arrow at all", "not an Arrow file")):
        digest = hashlib.sha256(content).hexdigest()
        (store.folder / f"{digest}.arrow").write_bytes(content)
        with pytest.raises(CorruptModel, match=words):
            store.load(ScoresDigest(digest))


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a matter of POSIX")
def test_a_write_that_breaks_off_is_named_and_leaves_nothing(store) -> None:
    script = """
import resource, signal, sys
from pathlib import Path
from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.storage.model_store import ModelFolderStore
from pynomaly.infrastructure.storage.result_files import ResultWriter
from pynomaly.infrastructure.storage.score_store import ArrowScoreStore
from tests.infrastructure.storage.examples import model, scored

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
folder = Path(sys.argv[1])
rows = scored(10_000)
acts = [lambda: ArrowScoreStore(folder).save(rows), lambda: ModelFolderStore(folder).save(model())]
acts += [lambda suffix=suffix: ResultWriter().write(rows, folder / f"x{suffix}") for suffix in sys.argv[2:]]
for act in acts:
    try:
        act()
    except UnreadableFile as error:
        print("larger than a file may be" in str(error), list(folder.iterdir()))
"""
    command = [sys.executable, "-c", script, str(store.folder), ".parquet", ".csv", ".jsonl", ".arrow"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines() == ["True []"] * 6


def test_a_place_that_cannot_be_written_is_named(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnreadableFile, match="cannot be written"):
        ArrowScoreStore(tmp_path / "file" / "scores").save(scored())

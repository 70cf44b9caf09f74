"""Results as files for people and other programs, written in one piece or not at all."""

from collections.abc import Callable
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from pynomaly.application.ports.stores import ScoredRows
from pynomaly.domain.errors import InvalidRequest, did_you_mean
from pynomaly.infrastructure.storage.arrow_files import write_arrow
from pynomaly.infrastructure.storage.atomic_files import unfinished_file
from pynomaly.infrastructure.storage.file_errors import writing
from pynomaly.infrastructure.storage.scored_columns import scored_columns
from pynomaly.infrastructure.storage.text_results import write_csv, write_json_lines

if TYPE_CHECKING:
    import pyarrow as pa


def _write_parquet(data: "pa.Table", path: Path) -> None:
    import pyarrow.parquet as pq

    with path.open("wb") as stream:
        pq.write_table(data, stream, compression="zstd")


_WRITERS: "dict[str, Callable[[pa.Table, Path], None]]" = {
    ".parquet": _write_parquet,
    ".csv": write_csv,
    ".jsonl": write_json_lines,
    ".arrow": write_arrow,
}


class ResultWriter:
    """Result files of any format in the table above, chosen by suffix; a file already there is replaced."""

    def check(self, path: PurePath) -> None:
        """See, before any work is done, that a result could be written there.

        Raises InvalidRequest for an unknown suffix, UnreadableFile for a missing folder or where a folder stands.
        """
        _known_suffix(path)
        target = Path(path)
        with writing(target):
            if not target.parent.is_dir():
                raise FileNotFoundError
            if target.is_dir():
                raise IsADirectoryError

    def write(self, rows: ScoredRows, path: PurePath) -> None:
        """Write one line per input row, in input order.

        Raises InvalidRequest for another suffix, UnreadableFile if the place cannot be written.
        """
        suffix = _known_suffix(path)
        target = Path(path).resolve()  # where a link points, not the link, is replaced
        with writing(target):
            if target.is_dir():
                raise IsADirectoryError
            with unfinished_file(target.parent) as draft:
                _fill(draft.path, scored_columns(rows), suffix)
                draft.publish(target)


def _known_suffix(path: PurePath) -> str:
    suffix = path.suffix.lower()
    if suffix in _WRITERS:
        return suffix
    close = did_you_mean(suffix, _WRITERS) or "."
    raise InvalidRequest(f"'{path.name}' has no suffix that results can be written to ({', '.join(_WRITERS)}){close}")


def _fill(path: Path, data: "pa.Table", suffix: str) -> None:
    import pyarrow as pa

    try:
        _WRITERS[suffix](data, path)
    except pa.ArrowNotImplementedError as error:
        raise InvalidRequest(f"a {suffix} file cannot hold these identifiers ({error}); try .jsonl or .csv") from error

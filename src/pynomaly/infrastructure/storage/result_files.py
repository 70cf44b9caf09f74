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

    def write(self, rows: ScoredRows, path: PurePath) -> None:
        """Write one line per input row, in input order.

        Raises InvalidRequest for another suffix, UnreadableFile if the place cannot be written.
        """
        suffix = path.suffix.lower()
        if suffix not in _WRITERS:
            close = did_you_mean(suffix, _WRITERS) or "."
            known = ", ".join(_WRITERS)
            raise InvalidRequest(f"'{path.name}' has no suffix that results can be written to ({known}){close}")
        target = Path(path).resolve()  # where a link points, not the link, is replaced
        with writing(target):
            if target.is_dir():
                raise IsADirectoryError
            with unfinished_file(target.parent) as draft:
                _fill(draft.path, scored_columns(rows), suffix)
                draft.publish(target)


def _fill(path: Path, data: "pa.Table", suffix: str) -> None:
    import pyarrow as pa

    try:
        _WRITERS[suffix](data, path)
    except pa.ArrowNotImplementedError as error:
        raise InvalidRequest(f"a {suffix} file cannot hold these identifiers ({error}); try .jsonl or .csv") from error

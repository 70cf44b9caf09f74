"""Refusing an output file that cannot be written before any work is done."""

from pathlib import Path

SUFFIXES = (".parquet", ".csv", ".jsonl", ".arrow")


def require_writable(output: Path | None, *sources: object) -> None:
    """Check where a result is to go.

    Raises InvalidRequest for another suffix or a file that is being read, UnreadableFile for a missing folder.
    """
    if output is None:
        return
    from pynomaly.domain.errors import InvalidRequest, UnreadableFile

    if output.suffix.lower() not in SUFFIXES:
        raise InvalidRequest(f"--output ends in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}, not '{output.name}'")
    if not output.parent.is_dir():
        raise UnreadableFile(f"the folder {output.parent} does not exist; create it or choose another --output")
    if output.is_dir():
        raise UnreadableFile(f"{output} is a folder; --output names a file")
    if any(_is_same(output, source) for source in sources):
        raise InvalidRequest(f"{output} holds the data itself; choose another --output")


def _is_same(output: Path, source: object) -> bool:
    if source in (None, "-") or not output.exists():
        return False
    return Path(str(source)).exists() and output.samefile(str(source))

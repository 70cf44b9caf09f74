"""The two streams: results on standard output, everything else on standard error."""

import os
import shutil
import sys
from pathlib import Path
from typing import TextIO

from pynomaly.presentation.words.cell_text import harmless

WIDTH_OF_A_PIPE = 100
NARROWEST = 40


def open_closed_streams() -> None:
    """Lead nowhere the standard streams that whoever started the process has closed (`>&-`)."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open as long as the process


def write_result(text: str) -> None:
    """Write to standard output; where nobody reads any more, stop writing without a word.

    Raises UnreadableFile where it cannot be written for another reason, such as a full disk.
    """
    _write(sys.stdout, text if text.endswith("\n") or not text else text + "\n")


def tell(text: str) -> None:
    """Write one line for the reader, not part of the result, to standard error."""
    _write(sys.stderr, harmless(text) + "\n")


def is_agreed(question: str) -> bool:
    """Ask on standard error and wait for a line; only y and yes agree. Raises KeyboardInterrupt if none comes."""
    _write(sys.stderr, f"{harmless(question)} [y/N] ")
    answer = sys.stdin.readline()
    if not answer:
        raise KeyboardInterrupt
    return answer.strip().lower() in ("y", "yes")


def bold(text: str, stream: TextIO) -> str:
    """Return text in bold where the stream shows it and the reader has not asked for plain text."""
    return f"\x1b[1m{text}\x1b[0m" if _is_styled(stream) else text


def is_live(stream: TextIO) -> bool:
    """Whether lines on this stream can be redrawn."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Return how many characters a line has: COLUMNS, else the terminal's, else a fixed width."""
    return max(NARROWEST, shutil.get_terminal_size((WIDTH_OF_A_PIPE, 24)).columns)


def _is_styled(stream: TextIO) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or is_live(stream)


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    writable = text.encode(encoding, "backslashreplace").decode(encoding)
    try:
        stream.write(writable)
        stream.flush()
    except BrokenPipeError:
        _stop_writing(stream)
    except OSError as error:
        from pynomaly.domain.errors import UnreadableFile

        _stop_writing(stream)
        raise UnreadableFile(f"the result cannot be written ({error.strerror}); send it to another place") from error


def _stop_writing(stream: TextIO) -> None:
    """Lead the closed stream nowhere, so that neither later lines nor the interpreter's last flush complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)

import errno
from pathlib import Path

import pytest

from pynomaly.domain.errors import CorruptModel, StorageFull, UnreadableFile
from pynomaly.infrastructure.storage.file_errors import reading, writing

PLACE = Path("/somewhere/result.csv")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EFBIG, "File too large"), "it would become larger than a file may be here"),
        (PermissionError(errno.EACCES, "Permission denied"), "permission denied; choose a place you may use"),
        (OSError(errno.EROFS, "Read-only file system"), "permission denied"),
        (FileNotFoundError(errno.ENOENT, "No such file"), "there is no folder .*somewhere; create it first"),
        (IsADirectoryError(), "it is a folder; give the name of a file"),
        (OSError(errno.EIO, "Input/output error"), "Input/output error"),
        (OSError("odd"), "OSError"),
    ],
)
def test_what_the_system_says_becomes_what_to_do(error: OSError, words: str) -> None:
    with pytest.raises(UnreadableFile, match=f"cannot be written: {words}.*Nothing was stored"), writing(PLACE):
        raise error
    with pytest.raises(UnreadableFile, match=f"cannot be read: {words}"), reading(PLACE):
        raise error


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_no_fault_of_the_file(number: int) -> None:
    with pytest.raises(StorageFull, match="the disk is full; free some space"), writing(PLACE):
        raise OSError(number, "No space left")


def test_our_own_errors_pass_through_untouched() -> None:
    with pytest.raises(CorruptModel, match="as it was"), reading(PLACE), writing(PLACE):
        raise CorruptModel("as it was")

"""A model on disk: a folder of two files, written as one and read with suspicion."""

import stat
from pathlib import Path

from pynomaly.application.ports.stores import ModelArtifact
from pynomaly.domain.errors import CorruptModel, NotFound
from pynomaly.domain.identifiers import ModelDigest
from pynomaly.infrastructure.storage.atomic_files import unfinished_folder
from pynomaly.infrastructure.storage.file_errors import reading
from pynomaly.infrastructure.storage.model_codec import (
    MANIFEST_BYTES_LIMIT,
    EncodedModel,
    decode_arrays,
    parse_manifest,
)

MANIFEST = "manifest.json"
ARRAYS = "arrays.safetensors"
_FOREIGN = {
    b"\x80": "a pickle file, which can run code when opened",
    b"PK": "a zip archive",
    b"\x08": "an ONNX file",
    b"\x89HDF": "an HDF5 file",
}


def write_model_folder(model: EncodedModel, folder: Path) -> None:
    """Publish a model as `folder`, which must not exist. Raises OSError."""
    with unfinished_folder(folder.parent) as draft:
        (draft.path / MANIFEST).write_bytes(model.manifest)
        (draft.path / ARRAYS).write_bytes(model.arrays)
        draft.publish(folder)


def read_model_folder(folder: Path, *, expected: ModelDigest | None = None) -> ModelArtifact:
    """Read a model, each part verified before it is parsed.

    expected: the digest the manifest must have, where it is known. Raises NotFound, CorruptModel, UnreadableFile.
    """
    with reading(folder):
        _require_model_folder(folder)
        manifest = parse_manifest(_bytes_of(folder / MANIFEST, MANIFEST_BYTES_LIMIT), expected=expected)
        arrays = decode_arrays(manifest, _bytes_of(folder / ARRAYS, manifest.n_bytes))
    return ModelArtifact(manifest=manifest.model, arrays=arrays)


def _require_model_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    if not folder.exists():
        raise NotFound(f"there is no model at {folder}")
    raise CorruptModel(
        f"{folder} is {_foreign_kind(folder)}. A Pynomaly model is a folder with {MANIFEST} and {ARRAYS}; "
        "`pynomaly detector export` writes one."
    )


def _foreign_kind(file: Path) -> str:
    if not file.is_file():
        return "not a model"
    with file.open("rb") as stream:
        start = stream.read(4)
    return next((kind for magic, kind in _FOREIGN.items() if start.startswith(magic)), "a single file")


def _bytes_of(file: Path, limit: int) -> bytes:
    """Read a plain file of at most `limit` bytes; its size is looked at before anything is read."""
    try:
        status = file.stat()
    except FileNotFoundError as error:
        raise CorruptModel(f"{file.parent} is not a whole model: {file.name} is missing") from error
    if not stat.S_ISREG(status.st_mode):
        raise CorruptModel(f"{file} is not a plain file")
    if status.st_size > limit:
        raise CorruptModel(f"{file} has {status.st_size} bytes where at most {limit} are possible")
    with file.open("rb") as stream:
        return stream.read(limit + 1)

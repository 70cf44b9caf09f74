"""Models on disk, a folder of two files each: in the workspace, named by the manifest's digest, or where users say."""

import os
import re
import stat
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path, PurePath

from pynomaly.application.ports.stores import ModelArtifact
from pynomaly.domain.errors import AlreadyExists, CorruptModel, NotFound, UnreadableFile
from pynomaly.domain.identifiers import ModelDigest
from pynomaly.infrastructure.storage.atomic_files import (
    discard_all_but,
    discard_folder,
    ensure_private_folder,
    sweep_abandoned,
    take_into_use,
    unfinished_folder,
)
from pynomaly.infrastructure.storage.file_errors import reading, writing
from pynomaly.infrastructure.storage.model_codec import (
    MANIFEST_BYTES_LIMIT,
    EncodedModel,
    decode_arrays,
    encode_model,
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
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ModelFolderStore:
    """Keeps models in `folder`, created when the first one is saved."""

    folder: Path

    def save(self, artifact: ModelArtifact) -> ModelDigest:
        """Store a model durably and return its digest; an equal model that is there already is kept.

        Raises NotStorable, UnreadableFile if the place cannot be written, StorageFull.
        """
        model = encode_model(artifact)
        target = self.folder / model.digest
        with writing(target):
            ensure_private_folder(self.folder)
            sweep_abandoned(self.folder)
            if self._keeps(model.digest):
                take_into_use(target)
            else:
                self._publish(target, model)
        return model.digest

    def load(self, digest: ModelDigest) -> ModelArtifact:
        """Return a model, its checksums verified before anything is parsed. Raises NotFound, CorruptModel."""
        if not _DIGEST.fullmatch(digest) or not (self.folder / digest).is_dir():
            raise NotFound(f"the workspace keeps no model {digest[:64]}; train the detector again")
        try:
            return read_model_folder(self.folder / digest, expected=digest)
        except CorruptModel as error:
            raise CorruptModel(f"{error}; train the detector again") from error

    def discard_unused(self, used: AbstractSet[str], *, older_than_seconds: float) -> int:
        """Delete all models but those in use and those saved a short while ago; return how many that were."""
        with writing(self.folder):
            return discard_all_but(used, self.folder, older_than_seconds=older_than_seconds)

    def _publish(self, target: Path, model: EncodedModel) -> None:
        try:
            write_model_folder(model, target)
        except OSError:  # something is there: the same model from another process, or a damaged one
            if not self._keeps(model.digest):
                discard_folder(target)
                write_model_folder(model, target)

    def _keeps(self, digest: ModelDigest) -> bool:
        try:
            self.load(digest)
        except (NotFound, CorruptModel, UnreadableFile):
            return False
        return True


class ModelFolders:
    """Model folders anywhere."""

    def write(self, artifact: ModelArtifact, path: PurePath) -> None:
        """Write a model folder, all or nothing.

        Raises AlreadyExists if something is there, UnreadableFile if the place cannot be written, NotStorable.
        """
        folder = Path(path)
        if os.path.lexists(folder):
            raise AlreadyExists(f"{folder} is there already; choose another place or delete it first")
        model = encode_model(artifact)
        with writing(folder):
            write_model_folder(model, folder)

    def read(self, path: PurePath) -> ModelArtifact:
        """Read and verify a model folder. Raises NotFound, CorruptModel, UnreadableFile."""
        return read_model_folder(Path(path))


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

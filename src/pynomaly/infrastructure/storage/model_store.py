"""The workspace's models: one folder each, named by the digest of its manifest."""

import re
from dataclasses import dataclass
from pathlib import Path

from pynomaly.application.ports.stores import ModelArtifact
from pynomaly.domain.errors import CorruptModel, NotFound, UnreadableFile
from pynomaly.domain.identifiers import ModelDigest
from pynomaly.infrastructure.storage.atomic_files import discard_folder, ensure_private_folder, sweep_abandoned
from pynomaly.infrastructure.storage.file_errors import writing
from pynomaly.infrastructure.storage.model_codec import EncodedModel, encode_model
from pynomaly.infrastructure.storage.model_folder import read_model_folder, write_model_folder

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ModelFolderStore:
    """Keeps models in `folder`, created when the first one is saved."""

    folder: Path

    def save(self, artifact: ModelArtifact) -> ModelDigest:
        """Store a model durably and return its digest; an equal model that is there already is kept.

        Raises NotStorable, UnreadableFile if the place cannot be written.
        """
        model = encode_model(artifact)
        target = self.folder / model.digest
        with writing(target):
            ensure_private_folder(self.folder)
            sweep_abandoned(self.folder)
            if not self._keeps(model.digest):
                self._publish(target, model)
        return model.digest

    def load(self, digest: ModelDigest) -> ModelArtifact:
        """Return a model, its checksums verified before anything is parsed. Raises NotFound, CorruptModel."""
        if not _DIGEST.fullmatch(digest) or not (self.folder / digest).is_dir():
            raise NotFound(f"the workspace keeps no model {digest[:64]}; train the detector again")
        return read_model_folder(self.folder / digest, expected=digest)

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

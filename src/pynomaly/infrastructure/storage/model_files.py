"""Models outside the workspace: exported to and imported from a folder the user names."""

import os
from pathlib import Path, PurePath

from pynomaly.application.ports.stores import ModelArtifact
from pynomaly.domain.errors import AlreadyExists
from pynomaly.infrastructure.storage.file_errors import writing
from pynomaly.infrastructure.storage.model_codec import encode_model
from pynomaly.infrastructure.storage.model_folder import read_model_folder, write_model_folder


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

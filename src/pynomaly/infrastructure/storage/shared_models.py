"""Models that several processes load for each other: the level between memory and disk."""

from collections.abc import Callable
from dataclasses import dataclass

from pynomaly.application.ports.cache import MOST_BYTES, SharedCache
from pynomaly.application.ports.stores import ModelArtifact
from pynomaly.application.ports.telemetry import Telemetry
from pynomaly.domain.errors import CorruptModel, NotFound
from pynomaly.domain.identifiers import ModelDigest, TenantId
from pynomaly.infrastructure.storage.model_codec import encode_model, packed, unpacked

CACHE = "model"
"""What telemetry calls them."""
KEPT_SECONDS = 86_400.0  # a digest stands for one content for ever; those that nobody uses any more should go


@dataclass(frozen=True, slots=True)
class SharedModels:
    """The models of one workspace; what comes from the cache is verified as what comes from disk.

    load_stored: raises NotFound, CorruptModel, UnreadableFile.
    """

    cache: SharedCache
    tenant_id: TenantId
    load_stored: Callable[[ModelDigest], ModelArtifact]
    telemetry: Telemetry

    def load(self, digest: ModelDigest) -> ModelArtifact:
        """Return a model, from disk if it has to be. Raises what `load_stored` raises."""
        key = f"{self.tenant_id}:model:{digest}"
        look = self.cache.look(key)
        known = None if look.content is None else _known(look.content, digest)
        if look.at is not None:
            self.telemetry.cache_asked(CACHE, "redis", is_hit=known is not None)
        if known is not None:
            return known
        artifact = self._load_stored(digest)
        if look.at is not None and sum(array.nbytes for array in artifact.arrays.values()) <= MOST_BYTES:
            self.cache.put(key, packed(encode_model(artifact)), until=look.at + KEPT_SECONDS)
        return artifact

    def _load_stored(self, digest: ModelDigest) -> ModelArtifact:
        try:
            artifact = self.load_stored(digest)
        except NotFound:
            self.telemetry.cache_asked(CACHE, "store", is_hit=False)
            raise
        self.telemetry.cache_asked(CACHE, "store", is_hit=True)
        return artifact


def _known(content: bytes, digest: ModelDigest) -> ModelArtifact | None:
    try:
        return unpacked(content, expected=digest)
    except CorruptModel:
        return None

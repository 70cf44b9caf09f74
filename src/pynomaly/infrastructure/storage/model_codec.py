"""A model as bytes and back: a JSON manifest and a safetensors file, checked before anything is believed.

The manifest is one line of canonical JSON (sorted keys, no spaces, UTF-8) with exactly these keys:
`format` and `format_version`; `model`, what the application says about the model; `arrays`, with the
size `bytes` and the `sha256` of the arrays file and a `table` of name -> {dtype, shape}.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from numpy.typing import NDArray

from pynomaly.application.ports.stores import ModelArtifact
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.errors import CorruptModel, NotStorable
from pynomaly.domain.identifiers import ModelDigest
from pynomaly.infrastructure.storage.tensor_bytes import array_table, parse_arrays, serialize_arrays

FORMAT = "pynomaly-model"
FORMAT_VERSION = 1
MANIFEST_BYTES_LIMIT = 64 * 2**20  # a manifest holds names and numbers; category tables may reach megabytes
_LENGTH_BYTES = 8
ARRAYS_BYTES_LIMIT = 8 * 2**30  # neighbour models keep their rows: 10 million rows of 100 float64 features
_KEYS = {"format", "format_version", "model", "arrays"}
_ARRAY_KEYS = {"bytes", "sha256", "table"}


@dataclass(frozen=True, slots=True)
class EncodedModel:
    """A model file's two parts, and the digest of the first, which vouches for the second."""

    manifest: bytes
    arrays: bytes
    digest: ModelDigest


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest that passed every check which needs no arrays."""

    model: Mapping[str, JsonValue]
    n_bytes: int
    sha256: str
    table: Mapping[str, JsonValue]


def encode_model(artifact: ModelArtifact) -> EncodedModel:
    """Return a model's bytes; equal models give equal bytes. Raises NotStorable for values a file cannot hold."""
    arrays = serialize_arrays(artifact.arrays)
    manifest = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "model": dict(artifact.manifest),
        "arrays": {
            "bytes": len(arrays),
            "sha256": hashlib.sha256(arrays).hexdigest(),
            "table": array_table(artifact.arrays),
        },
    }
    try:
        raw = _canonical_json(manifest)
    except (TypeError, ValueError, RecursionError) as error:
        raise NotStorable(f"the model's description cannot be written as JSON: {error}") from error
    return EncodedModel(raw, arrays, digest_of(raw))


def packed(model: EncodedModel) -> bytes:
    """Return both parts of a model as one: the manifest's length in 8 bytes, the manifest, the arrays."""
    return b"".join((len(model.manifest).to_bytes(_LENGTH_BYTES, "big"), model.manifest, model.arrays))


def unpacked(raw: bytes, *, expected: ModelDigest) -> ModelArtifact:
    """Return the model of that digest, verified as from disk. Raises CorruptModel."""
    end = _LENGTH_BYTES + int.from_bytes(raw[:_LENGTH_BYTES], "big")
    manifest = parse_manifest(raw[_LENGTH_BYTES:end], expected=expected)
    return ModelArtifact(manifest.model, decode_arrays(manifest, raw[end:]))


def digest_of(manifest: bytes) -> ModelDigest:
    """Return the digest a model is known by: the SHA-256 (hex) of its manifest as stored."""
    return ModelDigest(hashlib.sha256(manifest).hexdigest())


def parse_manifest(raw: bytes, *, expected: ModelDigest | None = None) -> Manifest:
    """Check a manifest's bytes and structure. Raises CorruptModel."""
    if expected is not None and digest_of(raw) != expected:
        raise CorruptModel("manifest.json was changed after the model was saved")
    content = _json_object(raw)
    if content.get("format") != FORMAT:
        raise CorruptModel("manifest.json does not describe a Pynomaly model")
    version = content.get("format_version")
    if type(version) is not int or version != FORMAT_VERSION:
        raise CorruptModel(
            f"the model has format version {version!r}, this Pynomaly reads {FORMAT_VERSION}; upgrade it"
        )
    model, arrays = content.get("model"), content.get("arrays")
    if content.keys() != _KEYS or not isinstance(model, dict) or not isinstance(arrays, dict):
        raise CorruptModel("manifest.json lacks a part every model has, or has one too many")
    return _manifest(model, arrays)


def decode_arrays(manifest: Manifest, raw: bytes) -> Mapping[str, NDArray[Any]]:
    """Return the arrays of a checked manifest, read-only. Raises CorruptModel on any difference."""
    if len(raw) != manifest.n_bytes or hashlib.sha256(raw).hexdigest() != manifest.sha256:
        raise CorruptModel("arrays.safetensors is not the file the manifest was written for")
    arrays = parse_arrays(raw)
    if _canonical_json(array_table(arrays)) != _canonical_json(manifest.table):  # as text: 6.0 and true are no sizes
        raise CorruptModel("arrays.safetensors holds other arrays than the manifest lists")
    return arrays


def _manifest(model: dict[str, JsonValue], arrays: dict[str, JsonValue]) -> Manifest:
    n_bytes, sha256, table = arrays.get("bytes"), arrays.get("sha256"), arrays.get("table")
    is_complete = arrays.keys() == _ARRAY_KEYS and isinstance(sha256, str) and isinstance(table, dict)
    if not is_complete or type(n_bytes) is not int or n_bytes < 0:
        raise CorruptModel("manifest.json does not say which arrays belong to the model")
    if n_bytes > ARRAYS_BYTES_LIMIT:
        raise CorruptModel(f"the model claims {n_bytes} bytes of arrays; more than {ARRAYS_BYTES_LIMIT} are not read")
    return Manifest(model, n_bytes, cast("str", sha256), cast("dict[str, JsonValue]", table))


def _json_object(raw: bytes) -> dict[str, JsonValue]:
    """Parse JSON and insist that it is what `_canonical_json` would write.

    That one comparison refuses duplicate keys, NaN, infinities, lone surrogates and numbers that overflow.
    """
    try:
        content = json.loads(raw.decode("utf-8"))
        is_canonical = _canonical_json(content) == raw
    except (ValueError, RecursionError) as error:
        raise CorruptModel("manifest.json is not the JSON Pynomaly writes; it was damaged or made elsewhere") from error
    if not is_canonical or not isinstance(content, dict):
        raise CorruptModel("manifest.json is not in the form Pynomaly writes; it was damaged or edited")
    return content


def _canonical_json(content: object) -> bytes:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")

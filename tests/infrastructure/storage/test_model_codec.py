import hashlib
import json

import numpy as np
import pytest

from pynomaly.application.ports.stores import ModelArtifact
from pynomaly.domain.errors import CorruptModel, NotStorable
from pynomaly.domain.identifiers import ModelDigest
from pynomaly.infrastructure.storage.model_codec import decode_arrays, digest_of, encode_model, parse_manifest
from tests.infrastructure.storage.examples import assert_same_model, model


def _decoded(manifest: bytes, arrays: bytes, expected: ModelDigest | None = None) -> ModelArtifact:
    parsed = parse_manifest(manifest, expected=expected)
    return ModelArtifact(parsed.model, decode_arrays(parsed, arrays))


def test_a_model_comes_back_as_it_was() -> None:
    encoded = encode_model(model())
    assert_same_model(_decoded(encoded.manifest, encoded.arrays, encoded.digest), model())


def test_equal_models_have_equal_bytes_and_others_do_not() -> None:
    original = model()
    reordered = ModelArtifact(dict(reversed(original.manifest.items())), dict(reversed(original.arrays.items())))
    assert encode_model(reordered) == encode_model(original)
    assert encode_model(model(1)).digest != encode_model(original).digest


def test_the_digest_is_that_of_the_manifest_and_the_manifest_vouches_for_the_arrays() -> None:
    encoded = encode_model(model())
    content = json.loads(encoded.manifest)
    assert encoded.digest == hashlib.sha256(encoded.manifest).hexdigest()
    assert content["arrays"]["sha256"] == hashlib.sha256(encoded.arrays).hexdigest()
    assert content["arrays"]["table"]["bins"] == {"dtype": "U8", "shape": [4, 3]}
    assert (content["format"], content["format_version"]) == ("pynomaly-model", 1)


def test_floats_survive_the_manifest_bit_for_bit() -> None:
    numbers = [0.1, -0.0, 5e-324, 1.7976931348623157e308, 1 / 3]
    encoded = encode_model(ModelArtifact({"numbers": numbers}, {}))
    assert [number.hex() for number in parse_manifest(encoded.manifest).model["numbers"]] == [n.hex() for n in numbers]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", object(), b"bytes", {1, 2}])
def test_a_description_json_cannot_say_is_not_storable(value: object) -> None:
    with pytest.raises(NotStorable, match="cannot be written as JSON"):
        encode_model(ModelArtifact({"value": value}, {}))


def test_a_manifest_with_another_digest_is_refused() -> None:
    encoded = encode_model(model())
    with pytest.raises(CorruptModel, match="was changed after"):
        parse_manifest(encoded.manifest, expected=digest_of(b"other"))


def test_other_arrays_than_the_manifest_was_written_for_are_refused() -> None:
    with pytest.raises(CorruptModel, match="not the file the manifest was written for"):
        _decoded(encode_model(model(0)).manifest, encode_model(model(1)).arrays)


def _edited(edit: str) -> bytes:
    content = json.loads(encode_model(model()).manifest)
    _EDITS[edit](content)
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


_EDITS = {
    "a newer version": lambda content: content.update(format_version=2),
    "a version that is true": lambda content: content.update(format_version=True),
    "a version in words": lambda content: content.update(format_version="1"),
    "another format": lambda content: content.update(format="onnx"),
    "no model": lambda content: content.pop("model"),
    "a model that is a list": lambda content: content.update(model=[]),
    "no arrays": lambda content: content.pop("arrays"),
    "one key more": lambda content: content.update(extra=1),
    "no checksum": lambda content: content["arrays"].pop("sha256"),
    "a checksum that is a number": lambda content: content["arrays"].update(sha256=1),
    "a negative size": lambda content: content["arrays"].update(bytes=-1),
    "a size in words": lambda content: content["arrays"].update(bytes="many"),
    "a size beyond any model": lambda content: content["arrays"].update(bytes=2**60),
    "a table that is a list": lambda content: content["arrays"].update(table=[]),
    "NaN": lambda content: content["model"].update(x=float("nan")),
    "infinity": lambda content: content["model"].update(x=float("inf")),
}


@pytest.mark.parametrize("edit", _EDITS)
def test_a_manifest_with_something_wrong_is_refused(edit: str) -> None:
    with pytest.raises(CorruptModel):
        parse_manifest(_edited(edit))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x80\x04\x95\x0e\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94",
        b"PK\x03\x04 a zip archive",
        b"\xff\xfe{\x00}\x00",
        b"null",
        b"[]",
        b'"pynomaly-model"',
        b'{"format":"pynomaly-model","format":"pynomaly-model"}',
        b'{"a":1e999}',
        b'{"a":' + b"1" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":"\\ud800"}',
        encode_model(model()).manifest + b"\n",
        encode_model(model()).manifest.replace(b",", b", "),
        encode_model(model()).manifest.replace(b'"model":', b'"model":{},"model":'),
    ],
)
def test_bytes_that_are_not_our_json_are_refused(raw: bytes) -> None:
    with pytest.raises(CorruptModel):
        parse_manifest(raw)


def test_a_table_that_differs_from_the_arrays_is_refused() -> None:
    encoded = encode_model(ModelArtifact({}, {"a": np.zeros(6)}))
    for lie in (b"[7]", b"[2,3]", b"[6,1]", b"[-6]", b"[6.0]", b"[true]"):
        with pytest.raises(CorruptModel):
            _decoded(encoded.manifest.replace(b'"shape":[6]', b'"shape":' + lie), encoded.arrays)
    with pytest.raises(CorruptModel):
        _decoded(encoded.manifest.replace(b"F64", b"I64"), encoded.arrays)

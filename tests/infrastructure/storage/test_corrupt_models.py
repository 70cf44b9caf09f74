"""A model folder mutated in a thousand ways: refused with a typed error, or loaded exactly as it was saved."""

import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from pynomaly.domain.errors import CorruptModel, NotFound
from pynomaly.infrastructure.storage.model_codec import EncodedModel, digest_of, encode_model
from pynomaly.infrastructure.storage.model_store import ModelFolders, ModelFolderStore
from tests.infrastructure.storage.examples import assert_same_model, model

HEALTHY = encode_model(model())


def _rng(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - reproducible, nothing secret


def _mutants(raw: bytes, n: int, rng: random.Random) -> Iterator[bytes]:
    """Flip a bit, cut off, cut out, insert, repeat, overwrite: always something else than `raw`."""
    while n:
        at, length = rng.randrange(len(raw)), rng.choice((1, 2, 8, 64))
        mutant = rng.choice(
            (
                raw[:at] + bytes([raw[at] ^ 1 << rng.randrange(8)]) + raw[at + 1 :],
                raw[:at],
                raw[:at] + raw[at + length :],
                raw[:at] + rng.randbytes(length) + raw[at:],
                raw[:at] + raw[at : at + length] + raw[at:],
                raw[:at] + rng.randbytes(length) + raw[at + length :],
                raw[:at] + b"\xff" * length + raw[at + length :],
                raw + rng.randbytes(length),
            )
        )
        if mutant != raw:
            n -= 1
            yield mutant


def _vouched_for(arrays: bytes) -> bytes:
    """Return a manifest that claims these arrays are the right ones, as an attacker would."""
    content = json.loads(HEALTHY.manifest)
    content["arrays"] |= {"bytes": len(arrays), "sha256": hashlib.sha256(arrays).hexdigest()}
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _header_mutants(n: int, rng: random.Random) -> Iterator[bytes]:
    """Return arrays whose header lies: negative or swapped offsets, other shapes, types and names."""
    size = int.from_bytes(HEALTHY.arrays[:8], "little")
    data = HEALTHY.arrays[8 + size :]
    lies = (-1, 0, 1, 2, 7, 40, 2**31, 2**53, 2**63, 2**64, -(2**63), 1.5, "8", None, [], True)
    while n:
        header = json.loads(HEALTHY.arrays[8 : 8 + size])
        entry = header[rng.choice(sorted(header))]
        match rng.randrange(5):
            case 0:
                entry["data_offsets"][rng.randrange(2)] = rng.choice(lies)
            case 1:
                entry["shape"] = [rng.choice(lies) for _ in range(rng.randrange(4))]
            case 2:
                entry["dtype"] = rng.choice(("F64", "F32", "I8", "BOOL", "U64", "BF16", "F4", "C64", "", None, 3))
            case 3:
                entry["data_offsets"].reverse()
            case _:
                header[rng.choice(("x", "", "../x", "__metadata__", "bins"))] = header.pop(rng.choice(sorted(header)))
        text = json.dumps(header).encode()
        n -= 1
        yield len(text).to_bytes(8, "little") + text + data


def _refused_or_equal(folder: Path, manifest: bytes, arrays: bytes) -> bool:
    """Load as a user's file and from the workspace under the digest a forger would give it."""
    (folder / "manifest.json").write_bytes(manifest)
    (folder / "arrays.safetensors").write_bytes(arrays)
    named = folder.rename(folder.parent / digest_of(manifest))
    n_refused = 0
    for load in (lambda: ModelFolders().read(named), lambda: ModelFolderStore(named.parent).load(digest_of(manifest))):
        try:
            loaded = load()
        except (CorruptModel, NotFound):
            n_refused += 1
        else:
            assert_same_model(loaded, model())
    named.rename(folder)
    return n_refused == 2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "models" / "model").mkdir(parents=True)
    return tmp_path / "models" / "model"


def test_the_healthy_model_loads(folder: Path) -> None:
    assert not _refused_or_equal(folder, HEALTHY.manifest, HEALTHY.arrays)


def test_mutated_arrays_are_always_refused(folder: Path) -> None:
    for mutant in _mutants(HEALTHY.arrays, 300, _rng(1)):
        assert _refused_or_equal(folder, HEALTHY.manifest, mutant)


def test_a_workspace_model_with_a_mutated_manifest_is_always_refused(folder: Path) -> None:
    store = ModelFolderStore(folder.parent)
    named = folder.rename(folder.parent / HEALTHY.digest)
    (named / "arrays.safetensors").write_bytes(HEALTHY.arrays)
    for mutant in _mutants(HEALTHY.manifest, 300, _rng(2)):
        (named / "manifest.json").write_bytes(mutant)
        with pytest.raises(CorruptModel):
            store.load(HEALTHY.digest)


def test_a_users_model_with_a_mutated_manifest_never_gives_other_arrays(folder: Path) -> None:
    n_refused = 0
    for mutant in _mutants(HEALTHY.manifest, 300, _rng(3)):
        (folder / "manifest.json").write_bytes(mutant)
        (folder / "arrays.safetensors").write_bytes(HEALTHY.arrays)
        try:
            loaded = ModelFolders().read(folder)
        except CorruptModel:
            n_refused += 1
        else:  # the change hit the description, which the application checks
            assert_same_model(type(loaded)(model().manifest, loaded.arrays), model())
    assert n_refused > 200


def test_arrays_vouched_for_by_a_forged_manifest_are_refused_or_are_what_the_table_says(folder: Path) -> None:
    rng = _rng(4)
    mutants = [*_header_mutants(300, rng), *_mutants(HEALTHY.arrays, 300, rng)]
    n_refused = sum(_is_refused_or_fits_the_table(folder, mutant) for mutant in mutants)
    assert n_refused > 300


def _is_refused_or_fits_the_table(folder: Path, arrays: bytes) -> bool:
    (folder / "manifest.json").write_bytes(_vouched_for(arrays))
    (folder / "arrays.safetensors").write_bytes(arrays)
    try:
        loaded = ModelFolders().read(folder)
    except CorruptModel:
        return True
    expected = model().arrays
    assert loaded.arrays.keys() == expected.keys()
    for name, array in loaded.arrays.items():
        assert (array.shape, array.dtype) == (expected[name].shape, expected[name].dtype)
    return False


def test_swapped_parts_are_refused(folder: Path) -> None:
    assert _refused_or_equal(folder, HEALTHY.arrays, HEALTHY.manifest)


def test_an_encoded_model_knows_its_digest() -> None:
    assert EncodedModel(HEALTHY.manifest, HEALTHY.arrays, digest_of(HEALTHY.manifest)) == HEALTHY

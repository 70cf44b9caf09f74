"""A trained model as manifest and arrays, and back: nothing in it can run, everything is checked on the way in."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from pynomaly.application.ports.algorithm import AlgorithmCatalog, FittedModel, ModelState
from pynomaly.application.ports.stores import ModelArtifact
from pynomaly.application.ports.tables import Preparation, Preparer
from pynomaly.application.ports.warm_models import Weighed
from pynomaly.application.trained_model import TrainedModel
from pynomaly.domain.algorithm import JsonValue, ParameterValue
from pynomaly.domain.calibration import Calibration, ProbabilityModel
from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.errors import CorruptModel, ExtraNotInstalled, NotStorable, PynomalyError

KIND = "pynomaly-model"
COPIES = 3  # of a model's arrays: as they are stored, and laid out or indexed for scoring; measured: 1 to 3
BYTES_PER_CHARACTER = 4  # of a manifest, once its words and numbers are Python objects


def to_artifact(model: TrainedModel) -> ModelArtifact:
    """Return a model as data. Raises NotStorable where its state has no safe form."""
    fitted, preparation = model.fitted.state(), model.preparation.state()
    probability = model.calibration.probability
    manifest: dict[str, JsonValue] = {
        "kind": KIND,
        "algorithm": model.algorithm,
        "parameters": cast(JsonValue, dict(model.parameters)),
        "seed": model.seed,
        "columns": [{"name": c.name, "kind": c.kind.value, "role": c.role.value} for c in model.columns],
        "identifier": model.identifier,
        "n_training_rows": model.n_training_rows,
        "training_fingerprint": model.training_fingerprint,
        "is_inductive": model.is_inductive,
        "model": dict(fitted.scalars),
        "preparation": dict(preparation.scalars),
        "probability": None if probability is None else asdict(probability),
    }
    arrays = {
        **{f"model.{name}": array for name, array in fitted.arrays.items()},
        **{f"preparation.{name}": array for name, array in preparation.arrays.items()},
        "calibration.reference": model.calibration.reference,
        "calibration.training": model.calibration.training,
        "background": model.background,
    }
    return ModelArtifact(manifest, arrays)


def from_artifact(artifact: ModelArtifact, catalog: AlgorithmCatalog, preparer: Preparer) -> TrainedModel:
    """Rebuild a model from data.

    Raises CorruptModel where anything is missing, of the wrong form or does not fit together; ExtraNotInstalled.
    """
    try:
        return _rebuilt(artifact, catalog, preparer)
    except (ExtraNotInstalled, NotStorable, CorruptModel):
        raise
    except PynomalyError as error:
        raise CorruptModel(f"the model file does not fit together: {error}") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CorruptModel(f"the model file lacks or garbles a field ({type(error).__name__}: {error})") from error


def weighed_model(artifact: ModelArtifact, catalog: AlgorithmCatalog, preparer: Preparer) -> Weighed[TrainedModel]:
    """Rebuild a model, and say about how much memory it takes. Raises as `from_artifact` does."""
    n_array_bytes = sum(array.nbytes for array in artifact.arrays.values())
    n_characters = len(json.dumps(dict(artifact.manifest)))
    n_bytes = COPIES * n_array_bytes + BYTES_PER_CHARACTER * n_characters
    return Weighed(from_artifact(artifact, catalog, preparer), n_bytes)


def calibration_of(artifact: ModelArtifact) -> Calibration:
    """Return what scores of a stored model are held against, without rebuilding the model. Raises CorruptModel."""
    try:
        return _calibration(artifact)
    except (KeyError, TypeError) as error:
        raise CorruptModel(f"the model file lacks or garbles its calibration ({type(error).__name__})") from error


def learned_columns(artifact: ModelArtifact) -> list[str]:
    """Return the names of the columns a stored model learned from. Raises CorruptModel."""
    try:
        return [str(column["name"]) for column in cast(dict[str, Any], artifact.manifest)["columns"]]
    except (KeyError, TypeError) as error:
        raise CorruptModel(f"the model file lacks or garbles its columns ({type(error).__name__})") from error


def _rebuilt(artifact: ModelArtifact, catalog: AlgorithmCatalog, preparer: Preparer) -> TrainedModel:
    manifest = cast(dict[str, Any], artifact.manifest)
    if manifest["kind"] != KIND:
        raise CorruptModel("this is not a Pynomaly model")
    description = catalog.describe(manifest["algorithm"])
    preparation = preparer.restore(_part(artifact, "preparation"))
    fitted = catalog.restore(description.name, _part(artifact, "model"))
    background = _numbers(artifact.arrays, "background", ndim=2)
    _require_fit(fitted, preparation, background)
    return TrainedModel(
        algorithm=description.name,
        parameters=_parameters(manifest["parameters"]),
        seed=int(manifest["seed"]),
        columns=tuple(Column(c["name"], ColumnKind(c["kind"]), ColumnRole(c["role"])) for c in manifest["columns"]),
        identifier=None if manifest["identifier"] is None else str(manifest["identifier"]),
        preparation=preparation,
        fitted=fitted,
        calibration=_calibration(artifact),
        background=background,
        n_training_rows=int(manifest["n_training_rows"]),
        training_fingerprint=str(manifest["training_fingerprint"]),
        is_inductive=bool(manifest["is_inductive"]),
    )


def _calibration(artifact: ModelArtifact) -> Calibration:
    probability = cast(dict[str, Any], artifact.manifest)["probability"]
    return Calibration(
        reference=_numbers(artifact.arrays, "calibration.reference", ndim=1),
        training=_numbers(artifact.arrays, "calibration.training", ndim=1),
        probability=None if probability is None else ProbabilityModel(**probability),
    )


def _part(artifact: ModelArtifact, part: str) -> ModelState:
    prefix = part + "."
    arrays = {name.removeprefix(prefix): array for name, array in artifact.arrays.items() if name.startswith(prefix)}
    return ModelState(arrays, cast(Mapping[str, JsonValue], artifact.manifest[part]))


def _numbers(arrays: Mapping[str, NDArray[Any]], name: str, *, ndim: int) -> NDArray[Any]:
    array = arrays[name]
    is_right = array.ndim == ndim and array.size > 0 and array.dtype in (np.float32, np.float64)
    if not (is_right and np.isfinite(array).all()):
        raise CorruptModel(f"'{name}' must be a non-empty {ndim}-dimensional array of finite numbers")
    return array


def _parameters(given: Mapping[str, Any]) -> dict[str, ParameterValue]:
    for name, value in given.items():
        if not (value is None or isinstance(value, int | float | str | bool)):
            raise CorruptModel(f"parameter '{name}' has a value of an impossible type")
    return dict(given)


def _require_fit(fitted: FittedModel, preparation: Preparation, background: NDArray[Any]) -> None:
    """See that preparation and detector belong together by scoring the background rows once."""
    if background.shape[1] != len(preparation.feature_names):
        raise CorruptModel("the preparation and the detector disagree about the number of features")
    if not np.isfinite(fitted.score(background)).all():
        raise CorruptModel("the detector gives scores that are not finite")

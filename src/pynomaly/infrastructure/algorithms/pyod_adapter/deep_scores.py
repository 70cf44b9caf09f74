"""How rows are scored by PyOD's fitted networks: in double precision, without anything drawn.

PyOD scores in single precision, where a matrix product rounds by the size of the batch, and its variational
autoencoder draws noise while it scores; here a row gets the same score in any company, to about 15 digits.
"""

from importlib import import_module
from typing import Any

import numpy as np

from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.infrastructure.algorithms.pyod_adapter.row import Detector, Settings

_TORCH_DATASET_EPSILON = 1e-8
"""What PyOD adds to every standard deviation before it divides by it."""


def width_of(rows: FloatMatrix, settings: Settings) -> Settings:  # noqa: ARG001 - a derived argument takes both
    """Return `n_features`, which DeepSVDD has to be told."""
    return {"n_features": rows.shape[1]}


def score_reconstruction(detector: Detector, rows: FloatMatrix) -> FloatVector:
    """Score by a fitted AutoEncoder: the distance between a standardised row and what the network makes of it."""
    inputs = _standardised(rows, detector.X_mean, detector.X_std)
    return _distance(inputs, _run(detector.model.double(), inputs))


def score_latent_mean(detector: Detector, rows: FloatMatrix) -> FloatVector:
    """Score by a fitted VAE as an autoencoder that decodes the mean of the latent distribution."""
    inputs = _standardised(rows, detector.X_mean, detector.X_std)
    network = detector.model.double()
    return _distance(inputs, _run(lambda given: network.decode(network.encode(given)[0]), inputs))


def score_support_vector_autoencoder(detector: Detector, rows: FloatMatrix) -> FloatVector:
    """Score by a fitted AE1SVM: the distance between a standardised row and its reconstruction, as PyOD does."""
    inputs = _standardised(rows, detector.mean, detector.std)
    network = detector.model.double()
    return _distance(inputs, _run(lambda given: network(given)[0], inputs))


def score_distance_to_centre(detector: Detector, rows: FloatMatrix) -> FloatVector:
    """Score by a fitted DeepSVDD: the squared distance of a row's representation from the centre."""
    outputs = _run(detector.model_.double(), detector.scaler_.transform(rows))
    return np.asarray(((outputs - detector.c_.numpy().astype(np.float64)) ** 2).sum(axis=1))


def score_discriminator(detector: Detector, rows: FloatMatrix) -> FloatVector:
    """Score by a fitted SO_GAAL or MO_GAAL: what the discriminator says."""
    return np.asarray(_run(detector.discriminator.double(), rows).reshape(-1))


def score_neighbour_distances(detector: Detector, rows: FloatMatrix) -> FloatVector:
    """Score by a fitted LUNAR: what its network reads from the distances to the nearest training rows."""
    distances, _ = detector.neigh.kneighbors(detector.scaler_.transform(rows), detector.n_neighbours)
    return np.asarray(_run(detector.network.double(), distances).reshape(-1))


def _standardised(rows: FloatMatrix, mean: FloatVector, deviation: FloatVector) -> FloatMatrix:
    return np.asarray((rows - mean) / (deviation + _TORCH_DATASET_EPSILON))


def _run(network: Any, inputs: FloatMatrix) -> FloatMatrix:
    torch = import_module("torch")  # imported long since: the detector holds its objects
    with torch.no_grad():
        return np.asarray(network(torch.from_numpy(np.ascontiguousarray(inputs))).numpy())


def _distance(inputs: FloatMatrix, outputs: FloatMatrix) -> FloatVector:
    return np.asarray(np.sqrt(((inputs - outputs) ** 2).sum(axis=1)))

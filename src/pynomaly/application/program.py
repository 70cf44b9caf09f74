"""The built program: every use case with its ports filled in, as the doors of the house receive it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal, TypeAlias

from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.stores import ModelFiles, ResultFiles
from pynomaly.application.ports.tables import Preparer, TableReader
from pynomaly.application.queries import Queries
from pynomaly.application.use_cases.create_detector import CreateDetector
from pynomaly.application.use_cases.detect_anomalies import DetectAnomalies
from pynomaly.application.use_cases.evaluate_detection import EvaluateDetection
from pynomaly.application.use_cases.export_detection import ExportDetection
from pynomaly.application.use_cases.export_detector import ExportDetector
from pynomaly.application.use_cases.find_anomalies import FindAnomalies
from pynomaly.application.use_cases.import_detector import ImportDetector
from pynomaly.application.use_cases.register_dataset import RegisterDataset
from pynomaly.application.use_cases.remove_dataset import RemoveDataset
from pynomaly.application.use_cases.remove_detector import RemoveDetector
from pynomaly.application.use_cases.train_detector import TrainDetector


@dataclass(frozen=True, slots=True)
class Workspace:
    """What works on stored things."""

    register_dataset: RegisterDataset
    remove_dataset: RemoveDataset
    create_detector: CreateDetector
    train_detector: TrainDetector
    remove_detector: RemoveDetector
    export_detector: ExportDetector
    import_detector: ImportDetector
    detect_anomalies: DetectAnomalies
    evaluate_detection: EvaluateDetection
    export_detection: ExportDetection
    queries: Queries


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a diagnosis: what was looked at, how it stands, what to type if it should stand better."""

    subject: str
    state: Literal["ok", "missing", "problem"]
    finding: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting in force and where its value came from."""

    name: str
    value: str
    origin: str


WriteSample: TypeAlias = Callable[[PurePath], PurePath]
"""Writes the sample table into a folder and returns the file's path."""


@dataclass(frozen=True, slots=True)
class Program:
    """What works without a workspace, and the way to one."""

    find_anomalies: FindAnomalies
    reader: TableReader
    preparer: Preparer
    catalog: AlgorithmCatalog
    result_files: ResultFiles
    model_files: ModelFiles
    open_workspace: Callable[[], Workspace]
    diagnose: Callable[[], Sequence[Check]]
    settings: Sequence[Setting]
    write_sample: WriteSample

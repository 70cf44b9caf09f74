"""Every file that lies in a home: whole, or not there at all."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pynomaly.domain.errors import PynomalyError
from pynomaly.domain.identifiers import ModelDigest, ScoresDigest
from pynomaly.infrastructure.storage.arrow_files import read_arrow
from pynomaly.infrastructure.storage.atomic_files import UNFINISHED
from pynomaly.infrastructure.storage.model_store import ModelFolderStore
from pynomaly.infrastructure.storage.score_store import ArrowScoreStore


def faults_in_files(home: Path, *, models: set[str], scores: set[str], tables: set[str]) -> list[str]:
    """Return what is broken, and what the database refers to and is not there; each file is loaded and verified."""
    found = {"models": _names(home / "models"), "scores": _names(home / "scores"), "tables": _names(home / "tables")}
    referenced = {"models": models, "scores": scores, "tables": tables}
    missing = [f"{kind}: {name} is missing" for kind in found for name in sorted(referenced[kind] - found[kind])]
    return [
        *missing,
        *_broken_models(home / "models", found["models"]),
        *_broken_scores(home / "scores", found["scores"]),
        *_broken_tables(home / "tables", found["tables"]),
    ]


def n_unfinished(home: Path) -> int:
    """Return how many leftovers of killed processes lie about; nothing refers to them, and they are swept in a day."""
    return sum(1 for _ in home.rglob(f".*{UNFINISHED}"))


def _names(folder: Path) -> set[str]:
    return {path.name.removesuffix(".arrow") for path in folder.glob("[!.]*")}


def _broken_models(folder: Path, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        try:
            ModelFolderStore(folder).load(ModelDigest(name))
        except PynomalyError as error:
            yield f"model {name}: {error}"


def _broken_scores(folder: Path, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        try:
            ArrowScoreStore(folder).load(ScoresDigest(name))
        except PynomalyError as error:
            yield f"scores {name}: {error}"


def _broken_tables(folder: Path, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        try:
            checksum = (folder / name / "rows.sha256").read_text(encoding="ascii")
            read_arrow(folder / name / "rows.arrow", sha256=checksum, remedy="")
        except (PynomalyError, OSError) as error:
            yield f"table {name}: {error}"

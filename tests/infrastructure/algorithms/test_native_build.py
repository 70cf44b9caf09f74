import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from pynomaly.infrastructure.algorithms.kernels.compiled import kernels_in_use

ROOT = Path(__file__).parents[3]
ALGORITHMS, DATA = "pynomaly/infrastructure/algorithms", "pynomaly/infrastructure/data"

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what is built, without what earlier builds left behind."""
    copy = tmp_path / "project"
    for folder in ("src", "native"):
        left_behind = shutil.ignore_patterns("*.so", "*.pyd", "*.egg-info", "__pycache__", "build")
        shutil.copytree(ROOT / folder, copy / folder, ignore=left_behind)
    for file in ("pyproject.toml", "MANIFEST.in", "README.md"):
        shutil.copy(ROOT / file, copy / file)
    return copy


def build(kind: str, project: Path, **environment: str) -> Path:
    program = f"import setuptools.build_meta as backend; backend.build_{kind}('built')"
    subprocess.run(
        [sys.executable, "-c", program], cwd=project, env={**os.environ, **environment}, check=True, capture_output=True
    )
    return next((project / "built").iterdir())


def test_a_wheel_holds_extensions_for_every_later_python(project: Path) -> None:
    wheel = build("wheel", project)
    compiled = {name.split(".")[0] for name in zipfile.ZipFile(wheel).namelist() if name.endswith((".so", ".pyd"))}
    assert "-cp311-abi3-" in wheel.name
    assert compiled == ({f"{ALGORITHMS}/_kernels", f"{DATA}/_native"} if kernels_in_use().is_compiled else set())


def test_without_a_compiler_the_wheel_is_built_with_the_numpy_twins_alone(project: Path) -> None:
    names = zipfile.ZipFile(build("wheel", project, CC="no-such-compiler")).namelist()
    assert f"{ALGORITHMS}/kernels/forest_twin.py" in names
    assert not [name for name in names if name.endswith((".so", ".pyd"))]


def test_the_source_distribution_holds_all_that_is_compiled(project: Path) -> None:
    with tarfile.open(build("sdist", project)) as archive:
        names = {Path(name).name for name in archive.getnames() if "/native/" in name}
    assert names == {path.name for path in (ROOT / "native").iterdir()}

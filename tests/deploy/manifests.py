"""The Kubernetes manifests as kubectl writes them out."""

import shutil
import subprocess
from functools import cache
from typing import Any

import pytest
import yaml

from tests.deploy.dockerfile import ROOT

KUBERNETES = ROOT / "deploy" / "kubernetes"
OVERLAYS = sorted(folder.name for folder in (KUBERNETES / "overlays").iterdir())


@cache
def written_out(overlay: str) -> tuple[dict[str, Any], ...]:
    """Return the objects of an overlay. Fails where kubectl is missing: nothing else tells whether they are right."""
    if shutil.which("kubectl") is None:
        pytest.fail("kubectl is needed to write the manifests out; install it (any version with kustomize built in)")
    folder = KUBERNETES / "overlays" / overlay
    done = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "deprecated" not in done.stderr, done.stderr
    return tuple(yaml.safe_load_all(done.stdout))


def of_kind(overlay: str, kind: str) -> dict[str, dict[str, Any]]:
    """Return the objects of one kind by name."""
    return {one["metadata"]["name"]: one for one in written_out(overlay) if one["kind"] == kind}


def pods(overlay: str) -> dict[str, dict[str, Any]]:
    """Return the template of each pod by the name of what makes it."""
    made = of_kind(overlay, "Deployment") | of_kind(overlay, "Job")
    return {name: one["spec"]["template"] for name, one in made.items()}

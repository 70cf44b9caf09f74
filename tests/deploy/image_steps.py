"""Runs the steps of deploy/Dockerfile without a container engine, then what the image would run.

`make image-steps` calls it. Each RUN of the build stage is run by a shell in a folder that stands for the root of the
image, its wheel is built twice and has to come out byte for byte the same; then the program answers the image's own
health check and is stopped. What it does not show: the base images, and that the container really is confined.
"""

import hashlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.deploy.dockerfile import DOCKERFILE, ROOT, Instruction, instructions

NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd", "*.egg-info", "node_modules", "static")
IN_IMAGE = ("/opt/pynomaly", "/opt/node", "/build", "/data")
STARTS_WITHIN_SECONDS = 60


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@dataclass
class Image:
    """A folder that stands for the root of an image."""

    root: Path
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    work_folder: str = "/"

    def here(self, text: str) -> str:
        """Return a text of the Dockerfile in which the image's own folders are those below the root."""
        for folder in IN_IMAGE:
            text = re.sub(rf"(?<![\w/.]){folder}(?![\w-])", str(self.root) + folder, text)
        return text

    @property
    def folder(self) -> Path:
        """The working folder."""
        return self.root / self.work_folder.lstrip("/")

    def do(self, one: Instruction) -> None:
        """Do an instruction of the build stage. Raises ValueError for one that is not understood."""
        if one.word in ("ENV", "ARG"):
            self.environment |= self._assigned(one.rest)
        elif one.word == "WORKDIR":
            self.work_folder = one.rest
            self.folder.mkdir(parents=True, exist_ok=True)
        elif one.word == "COPY":
            self.copy(*one.rest.split())
        elif one.word == "RUN":
            self.run(one.rest)
        elif one.word != "FROM":
            raise ValueError(f"nobody has said what {one.word} does here")

    def copy(self, *words: str) -> None:
        *sources, target = words
        for source in sources:
            place = self.folder / target / Path(source).name if target.endswith("/") else self.folder / target
            place.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.rmtree(place, ignore_errors=True)
                shutil.copytree(ROOT / source, place, ignore=NOT_COPIED)
            else:
                shutil.copy(ROOT / source, place)

    def run(self, command: str) -> None:
        tell(f"RUN {command}")
        subprocess.run(["sh", "-ec", self.here(command)], check=True, cwd=self.folder, env=self.environment)

    def _assigned(self, text: str) -> dict[str, str]:
        found = dict(word.split("=", 1) for word in shlex.split(text) if "=" in word)
        return {name: re.sub(r"\$\{(\w+)\}", lambda m: self.environment[m[1]], value) for name, value in found.items()}


def build(image: Image, steps: list[Instruction]) -> None:
    """Do the build stage; what goes into the wheel is built twice, from the same sources at the same place."""
    image.environment |= {"PYTHONPATH": "", "PYTHONDONTWRITEBYTECODE": "1"}
    sources = next(number for number, one in enumerate(steps) if one.word == "COPY" and "pyproject.toml" in one.rest)
    for number, one in enumerate(steps):
        image.do(one)
        if one.word == "RUN" and " pip wheel " in one.rest:
            first = _wheel(image)
            for name in ("dist", "build"):
                shutil.rmtree(image.folder / name, ignore_errors=True)
            for again in steps[sources : number + 1]:  # what browsers load too
                image.do(again)
            require(first == _wheel(image), "a second build makes another wheel")
            tell(f"the wheel is the same twice: {first[0]} sha256 {first[1]}")


def _wheel(image: Image) -> tuple[str, str]:
    (wheel,) = (image.folder / "dist").iterdir()
    return wheel.name, hashlib.sha256(wheel.read_bytes()).hexdigest()


def require(is_so: bool, problem: str) -> None:
    if not is_so:
        raise SystemExit(f"image-steps: {problem}")


def try_out(image: Image, steps: list[Instruction]) -> None:
    """Run what the image runs, as the image's last stage says, and see that only the home is written to."""
    words = {one.word: one.rest for one in steps if one.word != "ENV"}
    home, empty = image.root / "data", image.root / "tmp"
    empty.mkdir()
    environment = {"PATH": image.here("/opt/pynomaly/bin:") + os.environ["PATH"], "HOME": str(empty)}
    environment |= {"PYNOMALY_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(empty)}
    program = image.here("/opt/pynomaly/bin/") + json.loads(words["ENTRYPOINT"])[0]
    before = _contents(image)
    said = subprocess.run([program, "version"], check=True, env=environment, cwd="/", capture_output=True, text=True)
    tell(said.stdout.strip())
    _serve(program, json.loads(words["CMD"]), json.loads(words["HEALTHCHECK"].partition(" CMD ")[2]), environment)
    require(_contents(image) == before, "the program wrote beside its home")
    tell("served, answered the image's health check, stopped when told to; nothing beside the home was written")


def _serve(program: str, command: list[str], check: list[str], environment: Mapping[str, str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    check = [
        sys.executable if check[0] == "python" else check[0],
        *(word.replace("8000", str(port)) for word in check[1:]),
    ]
    server = subprocess.Popen([program, *command, "--port", str(port)], env=dict(environment), cwd="/")
    try:
        give_up_at = time.monotonic() + STARTS_WITHIN_SECONDS
        while subprocess.run(check, env=dict(environment), stderr=subprocess.DEVNULL).returncode:
            require(server.poll() is None, f"the server ended with {server.returncode}")
            require(time.monotonic() < give_up_at, "the server does not answer its health check")
        server.send_signal(signal.SIGTERM)
        require(server.wait(60) in (0, -signal.SIGTERM), f"the server ended with {server.returncode} when told to stop")
    finally:
        server.kill()
        server.wait()


def _contents(image: Image) -> set[tuple[str, int]]:
    folder = image.root / "opt"
    return {(str(path.relative_to(folder)), path.lstat().st_mtime_ns) for path in folder.rglob("*")}


def main() -> None:
    """Do every step, say what came of it, end with 1 where something is wrong."""
    steps = instructions(DOCKERFILE.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="pynomaly-image-") as root:
        image = Image(Path(root))
        build(image, [one for one in steps if one.stage in ("", "build")])
        shutil.copytree(image.root / "build" / "home", image.root / "data")
        try_out(image, [one for one in steps if one.stage == "run"])


if __name__ == "__main__":
    main()

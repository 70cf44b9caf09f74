"""Follows a page as its reader would: writes its files, runs its commands and its Python, and notes what they print.

In a page, a block of three backticks is

- a file where it has a name (```csv orders.csv): it is written to the reader's folder;
- run where its language is sh or python;
- output where its language is text and the block before it was run: standard output, word for word;
- typed at a terminal where its language is console, if the reader has one; text or json after it is what comes out,
  in which … stands for what is different each time.

Commands run in this process through the real program, scripts in one of their own. What stands in the few shell forms
below is understood; anything else is an error, so that no command of a page goes untried.
"""

import os
import re
import runpy
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from typer.testing import CliRunner

from pynomaly.application.ports.clock import NewId
from pynomaly.bootstrap import build
from pynomaly.presentation.cli.app import app
from pynomaly.presentation.cli.session import Session
from terminal import Terminal, TerminalError, agrees

ROOT = Path(__file__).resolve().parent.parent
_BLOCK = re.compile(r"^```(?P<language>\w+)(?: (?P<name>\S+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_SETTLED = {"COLUMNS": "100", "NO_COLOR": "1", "PYNOMALY_FORMAT": "table"}


class PageError(Exception):
    """A block of a page does not do what the page says."""


def followed(page: str, folder: Path, stand_ins: Mapping[str, str] | None = None) -> str:
    """Return the page with every output block as it comes out, starting in an empty folder.

    stand_ins: what to put in place of some texts at a terminal; without them nothing is typed at one. Raises PageError.
    """
    if stand_ins is None:
        return _followed(page, folder, _Reader())
    with Terminal(folder, _require_extras, stand_ins) as terminal:
        return _followed(page, folder, _Reader(terminal))


def _followed(page: str, folder: Path, reader: "_Reader") -> str:
    with _working_in(folder):
        return _BLOCK.sub(reader.follow, page)


@contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    """Lend a folder as working folder and workspace; leave the process as it was."""
    before, environment, path, modules = Path.cwd(), dict(os.environ), list(sys.path), set(sys.modules)
    os.chdir(folder)
    os.environ.update(_SETTLED, PYNOMALY_HOME=str(folder / "workspace"))
    os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:] = path
        for name in sys.modules.keys() - modules:
            if str(getattr(sys.modules[name], "__file__", None) or "").startswith(str(folder)):
                del sys.modules[name]


@dataclass
class _Reader:
    """Somebody at a prompt.

    output: what the last block that ran printed, None after any other block.  typed: the same of a terminal.
    known: the names its Python left behind.  new_id: identifiers that are the same each time the page is followed.
    """

    terminal: Terminal | None = None
    typed: str | None = None
    output: str | None = None
    known: dict[str, Any] = field(default_factory=dict)
    exit_code: int = 0
    new_id: NewId = field(default_factory=lambda: map(_settled_id, count()).__next__)

    def follow(self, block: re.Match[str]) -> str:
        language, name, body = block["language"], block["name"], block["body"]
        printed, typed = self.output, self.typed
        self.output = self.typed = None
        if name:
            Path(name).write_text(body, encoding="utf-8")
        elif language == "sh":
            self.output = "".join(self._typed(line) for line in body.replace("\\\n", " ").splitlines())
        elif language == "python":
            self.output = self._python(body)
        elif language == "console" and self.terminal is not None:
            self.typed = _at_terminal(self.terminal, body)
        elif language in ("text", "json") and typed is not None:
            _compare(typed, body)
        elif language == "text" and printed is not None:
            return f"```text\n{printed.rstrip()}\n```"
        return block[0]

    def _python(self, body: str) -> str:
        script = Path("block.py")
        script.write_text(body, encoding="utf-8")
        with redirect_stdout(StringIO()) as printed:
            self.known |= runpy.run_path(str(script), init_globals=self.known)
        script.unlink()
        return printed.getvalue()

    def _typed(self, line: str) -> str:
        """Run one line: words, a file or a command piped into one, its output cut by head, its exit code asked for."""
        words = shlex.split(line, comments=True)
        if not words:
            return ""
        asks_for_code = words[-2:] == ["echo", "$?"] and words[-3].endswith(";")
        if asks_for_code:
            words = [*words[:-3], words[-3][:-1]]
        n_lines = None
        if words[-3:-1] == ["|", "head"]:
            n_lines, words = int(words[-1].removeprefix("-")), words[:-3]
        given = b""
        if words[0] == "cat" and words[2:3] == ["|"]:
            given, words = Path(words[1]).read_bytes(), words[3:]
        printed = self._command(words, given, line, may_fail=asks_for_code)
        if n_lines is not None:
            printed = "".join(printed.splitlines(keepends=True)[:n_lines])
        return printed + (f"{self.exit_code}\n" if asks_for_code else "")

    def _command(self, words: list[str], given: bytes, line: str, *, may_fail: bool) -> str:
        if words[0] == "pynomaly":
            session = Session(partial(build, new_id=self.new_id))
            ended = CliRunner().invoke(app, words[1:], obj=session, input=given, prog_name="pynomaly")
            self.exit_code = ended.exit_code
            if ended.exit_code and not may_fail:
                raise PageError(f"{line!r} ended with {ended.exit_code}: {ended.output}")
            return ended.stdout
        if words[0] == "bash":
            return subprocess.run(words, check=True, capture_output=True, text=True).stdout
        if words[0] == "head":
            return "".join(_lines_of(Path(words[2]))[: int(words[1].removeprefix("-"))])
        _prepare(words, line)
        return ""


def _at_terminal(terminal: Terminal, body: str) -> str:
    try:
        return terminal.type(body)
    except TerminalError as error:
        raise PageError(str(error)) from error


def _compare(printed: str, shown: str) -> None:
    if not agrees(printed, shown):
        raise PageError(f"the page shows\n{shown}\nand what comes out is\n{printed}")


def _settled_id(number: int) -> str:
    return uuid5(NAMESPACE_URL, str(number)).hex


def _prepare(words: list[str], line: str) -> None:
    """Do what matters here of a command that prints nothing a page shows. Raises PageError."""
    match words:
        case ["export", setting]:
            name, _, value = setting.partition("=")
            os.environ[name] = value
        case ["make", "demo"]:
            build().write_sample(Path("pynomaly-demo"))  # what a reader has after it
        case ["make", target]:
            if f"{target}:" not in (rule.split(" ")[0] for rule in _lines_of(ROOT / "Makefile")):
                raise PageError(f"there is no target for {line!r}")
        case ["source", ".venv/bin/activate"]:
            pass  # this process runs in that environment already
        case ["pip", "install", "-e", "."]:
            _install_in_place()
        case ["pip", "install", what]:
            _require_extras(what)
        case _:
            raise PageError(f"nobody knows how to try {line!r}; teach docs/walkthrough.py")


def _lines_of(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines(keepends=True)


def _require_extras(what: str) -> None:
    """See that what a page tells to install exists: this project, from a clone, with some of its extras."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    found = re.fullmatch(r"\.\[([\w,]+)\]", what)
    if found is None or not set(found[1].split(",")) <= extras.keys():
        raise PageError(f"pip install {what!r} would not install what it says")


def _install_in_place() -> None:
    """Do to the reader's folder what matters of `pip install -e .`: it is imported from, and its entry points count."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    metadata = Path(f"{project['name'].replace('-', '_')}-{project['version']}.dist-info")
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", encoding="utf-8"
    )
    groups = (
        f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in points.items())
        for group, points in project["entry-points"].items()
    )
    (metadata / "entry_points.txt").write_text("\n".join(groups), encoding="utf-8")
    sys.path.insert(0, str(Path.cwd()))

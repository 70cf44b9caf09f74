"""Writes what the code itself can tell: pages of docs/reference, and what the commands of the guides print.

`make docs` runs it; tests compare the committed pages with what it would write.
"""

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from typer.testing import CliRunner

from events_page import events_page
from jobs_page import jobs_page
from pynomaly.bootstrap import build
from pynomaly.domain import errors
from pynomaly.domain.algorithm import AlgorithmDescription, Parameter
from pynomaly.infrastructure.algorithms.catalog import OWN_ROWS, ROWS_OF_EXTRAS, Catalog
from pynomaly.infrastructure.algorithms.pyod_adapter.refused import REFUSED
from pynomaly.infrastructure.telemetry.metrics import OF_THE_PROCESS, OWN, Metric
from pynomaly.presentation.cli.app import COMMANDS, app
from pynomaly.presentation.cli.exit_codes import MEANINGS, InvalidConfiguration, exit_code_of
from pynomaly.presentation.cli.session import Session
from pynomaly.presentation.http.errors import TABLE
from pynomaly.presentation.http.problems import MEDIA_TYPE
from rest_page import rest_page
from settings_page import settings_page
from sources_page import sources_page
from walkthrough import followed

DOCS = Path(__file__).parent
REFERENCE = DOCS / "reference"
MARK = "<!-- Written by docs/generate.py from the code; `make docs` writes it anew. -->"


def pages() -> dict[str, str]:
    """Return the text of every generated page by file name."""
    written = {
        "algorithms.md": _algorithms(),
        "commands.md": _commands(),
        "exit-codes.md": _exit_codes(),
        "metrics.md": _metrics(),
        "problems.md": _problems(),
        "settings.md": _marked(settings_page()),
        "jobs.md": _marked(jobs_page()),
        "events.md": _marked(events_page()),
        "rest.md": _marked(rest_page()),
        "sources.md": _marked(sources_page()),
    }
    return {name: "\n".join(lines).rstrip() + "\n" for name, lines in written.items()}


def followed_pages() -> list[Path]:
    """Return the pages whose commands and Python are run: the README, the first page of the site and the guides."""
    return [DOCS.parent / "README.md", DOCS / "index.md", *sorted((DOCS / "guides").glob("*.md"))]


def _marked(lines: Iterator[str]) -> Iterator[str]:
    yield from (next(lines), "", MARK)
    yield from lines


def _algorithms() -> Iterator[str]:
    descriptions = [one for one in Catalog(plugins=()).descriptions() if one not in REFUSED]
    targets = {row.description.name: row.target for row in (*OWN_ROWS, *ROWS_OF_EXTRAS)}
    yield from ("# Algorithms", "", MARK, "")
    yield (
        "`pynomaly detect --algorithm NAME --param PARAMETER=VALUE` and `pynomaly detector create` take these names, "
        "whatever their case, hyphens and underscores. An inductive algorithm scores any row by itself, against what "
        "was learned. A transductive one can only score the table it was fitted on, refuses every other and is not "
        "stored."
    )
    yield from ("", "| name | family | kind | stored | what it does |", "|---|---|---|---|---|")
    for one in descriptions:
        kind = "inductive" if one.is_inductive else "transductive"
        stored = "yes" if one.is_storable else "no"
        yield f"| [{one.name}](#{_anchor(one.name)}) | {one.family} | {kind} | {stored} | {one.summary} |"
    for one in descriptions:
        yield from ("", f"## {one.name}", "")
        yield from _algorithm(one, targets.get(one.name))
    yield from ("", "## Not offered", "", "Detectors of PyOD 3.6.7 for tables that are listed and never run.", "")
    yield from ("| name | why |", "|---|---|")
    yield from (f"| {known.name} | {reason.removeprefix('not offered: ')} |" for known, reason in REFUSED.items())


def _algorithm(one: AlgorithmDescription, target: str | None) -> Iterator[str]:
    yield f"**{one.title}.** {one.summary}"
    yield ""
    if target is not None:
        yield from (paragraph for name in ("When", "Cost") for paragraph in (*_told(target, name), ""))
    if one.aliases:
        yield f"- Also called {', '.join(f'`{alias}`' for alias in one.aliases)}."
    yield f"- Needs {_needs(one)}."
    yield f"- {_lasting(one)}"
    if one.learns_online:
        yield "- Can go on learning, block by block."
    if one.learns_from_labels:
        yield "- Learns from a label column where there is one."
    yield f"- Source: {one.reference}."
    if one.parameters:
        yield from ("", "| parameter | type | range | default | |", "|---|---|---|---|---|")
        yield from (_parameter(parameter) for parameter in one.parameters)


def _told(target: str, name: str) -> Iterator[str]:
    """Yield the paragraphs of a class docstring that begin with a word, as one line each."""
    module, _, class_name = target.partition(":")
    spec = find_spec(module)
    source = Path(str(spec and spec.origin)).read_text(encoding="utf-8")
    classes = (node for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == class_name)
    for paragraph in str(ast.get_docstring(next(classes))).split("\n\n"):
        if paragraph.startswith(name):
            first, _, rest = " ".join(paragraph.split()).partition(": ")
            yield f"*{first}*: {rest}"


def _needs(one: AlgorithmDescription) -> str:
    most = [f"at most {one.max_rows:,} rows"] if one.max_rows else []
    most += [f"at most {one.max_features} feature{'s' * (one.max_features > 1)}"] if one.max_features else []
    extra = [f"`pynomaly-platform[{one.extra}]`"] if one.extra else []
    scaled = ["columns on one scale, which preparation sees to"] if one.needs_scaling else []
    return "; ".join([f"at least {one.min_rows} rows", *most, *scaled, *extra])


def _lasting(one: AlgorithmDescription) -> str:
    if not one.is_inductive:
        return f"Transductive, not stored: {one.not_storable_because}."
    if not one.is_storable:
        return f"Inductive, not stored: {one.not_storable_because}."
    if one.name.startswith("pyod."):
        return "Inductive; stored as the rows it learned from, fitted again and verified when loaded."
    return "Inductive; stored as arrays of what it learned."


def _parameter(one: Parameter) -> str:
    kind = {"int": "whole number", "float": "number", "bool": "true, false", "choice": "one of"}[one.kind]
    limits = [
        f"{limit:g}" if limit < 1e6 else f"{limit:,.0f}" for limit in (one.minimum, one.maximum) if limit is not None
    ]
    bounds = ", ".join(f"`{choice}`" for choice in one.choices) or " to ".join(limits) or "any"
    default = "chosen for you" if one.default is None else f"`{one.default}`"
    return f"| `{one.name}` | {kind} | {bounds} | {default} | {one.description} |"


def _anchor(heading: str) -> str:
    return heading.replace(".", "")


def _commands() -> Iterator[str]:
    yield from ("# Commands", "", MARK, "")
    yield from ("What every command says of itself with `--help`.", "")
    for command in ((), *((name,) for name in COMMANDS)):
        yield from _command(command)


def _command(words: tuple[str, ...]) -> Iterator[str]:
    text = CliRunner(env={"COLUMNS": "80"}).invoke(app, [*words, "--help"], obj=Session(build), prog_name="pynomaly")
    yield from (f"## {' '.join(('pynomaly', *words))}", "", "```text", text.stdout.rstrip(), "```", "")
    if words:
        _, _, listed = text.stdout.partition("\nCommands:\n")
        for line in listed.splitlines():
            if line.startswith("  ") and line[2] != " ":
                yield from _command((*words, line.split()[0]))


def _exit_codes() -> Iterator[str]:
    yield from ("# Exit codes", "", MARK, "")
    yield "What a script can tell from how a command ended. The reason stands on standard error, in one sentence."
    yield from ("", "| code | meaning |", "|---|---|")
    yield from (f"| {code} | {meaning} |" for code, meaning in sorted(MEANINGS.items()))
    yield from ("", "## Which error ends with which code", "")
    yield "From Python these are exceptions in `pynomaly.domain.errors`, all of them kinds of `PynomalyError`."
    yield from ("", "| error | code | |", "|---|---|---|")
    for error in _tree(errors.PynomalyError):
        yield f"| `{error.__name__}` | {exit_code_of(error())} | {str(error.__doc__).splitlines()[0]} |"
    yield from (
        "",
        f"Wrong settings end with {exit_code_of(InvalidConfiguration())}; from Python they are `InvalidRequest`.",
    )


def _metrics() -> Iterator[str]:
    yield from ("# Metrics", "", MARK, "")
    yield (
        "What servers and workers show for Prometheus on `PYNOMALY_METRICS_PORT`, each its own; "
        "[Watching it](../guides/watching-it.md) says how. A metric with a star is read from the database when "
        "somebody looks: every process shows the same, so take the `max` of it, not the `sum`."
    )
    yield from _metric_table(OWN)
    yield from ("", "On Linux also what the process takes:")
    yield from _metric_table(OF_THE_PROCESS)
    yield from ("", "## Buckets", "", "The upper bounds that durations are counted by, in seconds.", "")
    for row in OWN:
        if row.buckets:
            yield f"- `{row.name}`: {', '.join(f'{bound:g}' for bound in row.buckets)}"


def _metric_table(rows: tuple[Metric, ...]) -> Iterator[str]:
    yield from ("", "| metric | type | labels | |", "|---|---|---|---|")
    for row in rows:
        labels = ", ".join(f"`{label}`" for label in row.labels)
        star = " \\*" if row.is_of_the_database else ""
        yield f"| `{row.name}`{star} | {row.kind} | {labels} | {row.tells} |"


def _problems() -> Iterator[str]:
    yield from ("# Problems", "", MARK, "")
    yield (
        f"Every error of the REST API is a problem document (RFC 9457, `{MEDIA_TYPE}`). Its `type` is "
        "`/problems/` and one of the names below, which never change; `title` is that name in words; `detail` says "
        "what was wrong this time; `instance` is the path that was asked for, and `request_id` stands in the server's "
        "log. `errors`, where something in the request itself was wrong, lists each fault with `in` (`body`, `query`, "
        "`path`, `header` or `cookie`), a JSON pointer (RFC 6901) into that part, and a `detail`."
    )
    yield from ("", "A status that is not listed has the type `about:blank` and means what HTTP says it means.")
    for row in TABLE:
        yield from ("", f"## {row.slug}", "", f"**{row.status}.** {row.meaning}", "", f"*What to do*: {row.remedy}")


def _tree(error: type[errors.PynomalyError]) -> Iterator[type[errors.PynomalyError]]:
    for kind in error.__subclasses__():
        if kind.__module__ == errors.__name__:
            yield kind
            yield from _tree(kind)


if __name__ == "__main__":
    for file_name, text in pages().items():
        (REFERENCE / file_name).write_text(text, encoding="utf-8")
    for page in followed_pages():
        with TemporaryDirectory() as folder:
            page.write_text(followed(page.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")

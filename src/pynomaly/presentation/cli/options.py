"""Options that several commands share, each written down once."""

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from pynomaly.presentation.cli.progress import ProgressForm
from pynomaly.presentation.cli.views.formats import Format

FormatOption: TypeAlias = Annotated[
    Format, typer.Option("--format", envvar="PYNOMALY_FORMAT", help="How to write the result.")
]
JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Short for --format json.")]
ProgressOption: TypeAlias = Annotated[ProgressForm, typer.Option("--progress", help="How to show progress.")]
LabelOption: TypeAlias = Annotated[
    str | None, typer.Option("--label", metavar="COL", help="Column of yes/no answers; never learned from.")
]
IdOption: TypeAlias = Annotated[str | None, typer.Option("--id", metavar="COL", help="Column that names the rows.")]
TimeOption: TypeAlias = Annotated[str | None, typer.Option("--time", metavar="COL", help="Column of times.")]
IgnoreOption: TypeAlias = Annotated[
    list[str] | None, typer.Option("--ignore", metavar="COL", help="Leave a column out; may be repeated.")
]
FeatureOption: TypeAlias = Annotated[
    list[str] | None, typer.Option("--feature", metavar="COL", help="Learn from this column in any case; repeatable.")
]
KindOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--kind", metavar="COL=KIND", help="Read a column as number, category, time, …; repeatable."),
]
ParamOption: TypeAlias = Annotated[
    list[str] | None, typer.Option("--param", metavar="NAME=VALUE", help="Set a parameter; may be repeated.")
]
SourceOption: TypeAlias = Annotated[
    str | None, typer.Option("--source", metavar="NAME", help="A source, with --detector-name; see --select.")
]
SelectOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="NAME=VALUE", help="What to read of a source; may be repeated."),
]
SeedOption: TypeAlias = Annotated[int, typer.Option("--seed", min=0, help="Same seed, same result.")]
OutputOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--output", metavar="PATH", help="Write all scores to a .parquet, .csv, .jsonl or .arrow file."),
]
ContaminationOption: TypeAlias = Annotated[
    float | None, typer.Option("--contamination", help="Share of anomalies expected, above 0 to 0.5.")
]
BudgetOption: TypeAlias = Annotated[
    str | None, typer.Option("--budget", metavar="N|N%", help="Flag this many rows at most.")
]
FalseAlarmsOption: TypeAlias = Annotated[
    float | None, typer.Option("--false-alarms", help="Share of false alarms accepted, 0 to 1.")
]
ScoreThresholdOption: TypeAlias = Annotated[
    float | None, typer.Option("--score-threshold", metavar="X", help="Flag rows that score at least this.")
]
ThresholdOption: TypeAlias = Annotated[
    float | None, typer.Option("--threshold", metavar="P", help="Flag rows this likely to be anomalies, 0 to 1.")
]
AnswersOption: TypeAlias = Annotated[str, typer.Option("--label", metavar="COL", help="Column of yes/no answers.")]
RowsNowOption: TypeAlias = Annotated[str | None, typer.Option("--data", metavar="PATH", help="Where the rows lie now.")]
DetectionArgument: TypeAlias = Annotated[
    str, typer.Argument(metavar="ID", help="8 or more characters of the id; `last` is the newest.")
]
TopOption: TypeAlias = Annotated[int, typer.Option("--top", min=0, help="Show this many anomalies at most.")]
DryRunOption: TypeAlias = Annotated[
    bool, typer.Option("--dry-run", help="Check everything, say what would happen, change nothing.")
]
YesOption: TypeAlias = Annotated[bool, typer.Option("--yes", help="Delete without asking.")]


def chosen(form: Format, as_json: bool) -> Format:
    """Return the format asked for; --json wins."""
    return Format.JSON if as_json else form


def examples(sentence: str, *commands: str) -> str:
    """Return a help text that begins with commands that work as they stand."""
    return "\b\nExamples:\n" + "\n".join(f"  {command}" for command in commands) + f"\n\n{sentence}"


def refuse_taken(name: str, taken: Iterable[str], what: str) -> None:
    """Check, for a dry run, that a name is free. Raises AlreadyExists."""
    from pynomaly.domain.errors import AlreadyExists

    if name in taken:
        raise AlreadyExists(f"there is already a {what} '{name}'; choose another name or delete that one first")


def refuse_own_data(output: Path, *sources: str | None) -> None:
    """Check that a result does not replace a file it was made from. Raises InvalidRequest."""
    from pynomaly.domain.errors import InvalidRequest

    paths = [Path(source) for source in sources if source not in (None, "-")]
    if output.exists() and any(path.exists() and output.samefile(path) for path in paths):
        raise InvalidRequest(f"{output} holds the data itself; choose another --output")


def word(name: str) -> str:
    """Return a name as one word of a shell command."""
    return shlex.quote(name)

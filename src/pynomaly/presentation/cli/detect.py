"""`pynomaly detect`: from a file, standard input or a stored dataset to anomalies."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from pynomaly.domain.model_selection import AUTOMATIC
from pynomaly.presentation.cli import options
from pynomaly.presentation.cli.exit_codes import ANOMALIES_FOUND
from pynomaly.presentation.cli.look import Learning, Look, Question, Source
from pynomaly.presentation.cli.progress import ProgressForm
from pynomaly.presentation.cli.session import Session, session_of
from pynomaly.presentation.cli.streams import tell
from pynomaly.presentation.cli.typed_choices import kinds_from, parameters_from
from pynomaly.presentation.cli.views.formats import Format
from pynomaly.presentation.cli.views.report_output import next_commands, write_report
from pynomaly.presentation.words.figures import count

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@dataclass(frozen=True, slots=True)
class Telling:
    """How the answer is told."""

    top: int
    form: Format
    output: Path | None
    progress: ProgressForm
    is_dry_run: bool
    fails_on_anomaly: bool


@app.command(
    help=options.examples(
        "Find the anomalies of DATA, a file or - for standard input, and say why each row is one. Nothing is kept. "
        "With --detector-name a trained detector answers and the result is stored.",
        "pynomaly detect orders.csv",
        "pynomaly detect --detector-name Fraud --dataset-path orders.csv --output results.csv",
    )
)
def detect(
    context: typer.Context,
    data: Annotated[str | None, typer.Argument(metavar="[DATA]", help="A file, or - for standard input.")] = None,
    detector_name: Annotated[str | None, typer.Option("--detector-name", help="Use this trained detector.")] = None,
    dataset_path: Annotated[str | None, typer.Option("--dataset-path", help="The same as DATA.")] = None,
    dataset: Annotated[str | None, typer.Option("--dataset", help="A stored dataset, with --detector-name.")] = None,
    from_source: options.SourceOption = None,
    select: options.SelectOption = None,
    algorithm: Annotated[str, typer.Option("--algorithm", help="See `pynomaly detector algorithms`.")] = AUTOMATIC,
    param: options.ParamOption = None,
    train: Annotated[str | None, typer.Option("--train", metavar="DATA", help="Learn from these rows instead.")] = None,
    contamination: options.ContaminationOption = None,
    budget: options.BudgetOption = None,
    false_alarms: options.FalseAlarmsOption = None,
    threshold: options.ThresholdOption = None,
    score_threshold: options.ScoreThresholdOption = None,
    label: options.LabelOption = None,
    identifier: options.IdOption = None,
    time: options.TimeOption = None,
    ignore: options.IgnoreOption = None,
    feature: options.FeatureOption = None,
    kind: options.KindOption = None,
    top: options.TopOption = 10,
    no_explain: Annotated[bool, typer.Option("--no-explain", help="Leave the reasons out; faster.")] = False,
    seed: options.SeedOption = 0,
    output: options.OutputOption = None,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
    fail_on_anomaly: Annotated[bool, typer.Option("--fail-on-anomaly", help="Exit 10 if any row is flagged.")] = False,
    progress: options.ProgressOption = ProgressForm.AUTO,
    dry_run: options.DryRunOption = False,
) -> None:
    """Find the anomalies of a table."""
    from pynomaly.application.choices import policy_for, roles_for

    source = _source(data, dataset_path, dataset, from_source, select, detector_name)
    policy = policy_for(
        contamination=contamination,
        budget=budget,
        false_alarms=false_alarms,
        threshold=threshold,
        score_threshold=score_threshold,
    )
    roles = roles_for(identifier=identifier, time=time, ignore=ignore or (), features=feature or (), label=label)
    question = Question(policy, roles, label, max(top, 1), not no_explain)
    learning = Learning(algorithm, parameters_from(param), kinds_from(kind), train, seed)
    telling = Telling(top, options.chosen(form, as_json), output, progress, dry_run, fail_on_anomaly)
    _run(session_of(context), Look(source, question, learning, detector_name), telling)


def _run(session: Session, look: Look, telling: Telling) -> None:
    if telling.output is not None:
        session.program.result_files.check(telling.output)
        options.refuse_own_data(telling.output, look.source.path, look.learning.train)
    _refuse_teaching(look)
    if telling.is_dry_run:
        look.plan(session, telling.form)
        return
    report = look.take(session, telling.output, telling.progress)
    if telling.output is not None:
        tell(f"wrote {count(report.n_rows)} rows to {telling.output}")
    write_report(report, telling.top, telling.form, next_commands(report, look.source.path, telling.output))
    if telling.fails_on_anomaly and report.n_anomalies:
        raise typer.Exit(ANOMALIES_FOUND)


def _source(
    data: str | None,
    dataset_path: str | None,
    dataset: str | None,
    outside: str | None,
    select: list[str] | None,
    detector_name: str | None,
) -> Source:
    from pynomaly.domain.errors import InvalidRequest

    given = [name for name in (data, dataset_path, dataset, outside) if name is not None]
    if not given:
        raise InvalidRequest("say what to look at: pynomaly detect DATA, or --detector-name NAME --dataset-path DATA")
    if len(given) > 1:
        raise InvalidRequest(f"{' and '.join(given)} are two sources; give DATA, --dataset-path, --dataset or --source")
    if detector_name is None and (dataset is not None or outside is not None):
        raise InvalidRequest(
            "--dataset or --source names what is kept or lies elsewhere and needs --detector-name; a file does not"
        )
    if select and outside is None:
        raise InvalidRequest("--select says what to read of a source; name it with --source")
    return Source(data if data is not None else dataset_path, dataset, outside, tuple(select or ()))


def _refuse_teaching(look: Look) -> None:
    from pynomaly.domain.errors import InvalidRequest

    if look.detector_name is not None and not look.learning.is_default:
        raise InvalidRequest(
            f"detector '{look.detector_name}' has learned already; leave out --algorithm, --param, --kind, --seed and "
            "--train"
        )

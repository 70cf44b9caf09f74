"""`pynomaly detection outline`, `changes`, `mistakes` and `decide`: lines through scores that are there."""

from typing import TYPE_CHECKING, Annotated

import typer

from pynomaly.presentation.cli import options
from pynomaly.presentation.cli.session import session_of
from pynomaly.presentation.cli.streams import tell, write_result
from pynomaly.presentation.cli.views.formats import Format
from pynomaly.presentation.cli.views.mistakes_view import write_mistakes
from pynomaly.presentation.cli.views.outline_view import write_change, write_outline
from pynomaly.presentation.words.decision_words import change_in_words
from pynomaly.presentation.words.figures import count
from pynomaly.presentation.words.findings_words import policy_in_words

if TYPE_CHECKING:
    from pynomaly.domain.decision import DecisionPolicy

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(
    help=options.examples(
        "Show how the scores lie, and how many rows each threshold would flag.",
        "pynomaly detection outline last",
        "pynomaly detection outline last --json",
    )
)
def outline(
    context: typer.Context,
    identifier: options.DetectionArgument = "last",
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """Outline the scores of a detection."""
    chosen = options.chosen(form, as_json)
    detection, outlined = session_of(context).workspace.queries.score_outline(identifier)
    write_outline(detection, outlined, chosen)
    if chosen is Format.TABLE:
        tell("")
        tell("Next:")
        tell(
            f"  pynomaly detection changes {detection.id[:8]} --budget 20   # which rows another decision would change"
        )


@app.command(
    help=options.examples(
        "Show which rows another decision would change; nothing is stored.",
        "pynomaly detection changes last --score-threshold 0.6",
        "pynomaly detection changes last --budget 20",
    )
)
def changes(
    context: typer.Context,
    identifier: options.DetectionArgument = "last",
    score_threshold: options.ScoreThresholdOption = None,
    budget: options.BudgetOption = None,
    contamination: options.ContaminationOption = None,
    false_alarms: options.FalseAlarmsOption = None,
    threshold: options.ThresholdOption = None,
    rows: Annotated[int, typer.Option("--rows", min=0, help="Show this many rows on either side of the line.")] = 5,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """Preview a decision."""
    policy = _policy(contamination, budget, false_alarms, threshold, score_threshold)
    change = session_of(context).workspace.queries.changed_rows(identifier, policy, limit=rows)
    write_change(change, options.chosen(form, as_json))


@app.command(
    help=options.examples(
        "Decide a detection's scores anew, as a detection of its own; nothing is scored again.",
        "pynomaly detection decide last --score-threshold 0.6",
        "pynomaly detection decide last --budget 20 --dry-run",
    )
)
def decide(
    context: typer.Context,
    identifier: options.DetectionArgument = "last",
    score_threshold: options.ScoreThresholdOption = None,
    budget: options.BudgetOption = None,
    contamination: options.ContaminationOption = None,
    false_alarms: options.FalseAlarmsOption = None,
    threshold: options.ThresholdOption = None,
    dry_run: options.DryRunOption = False,
) -> None:
    """Decide a detection anew."""
    policy = _policy(contamination, budget, false_alarms, threshold, score_threshold)
    workspace = session_of(context).workspace
    if dry_run:
        change = workspace.queries.changed_rows(identifier, policy, limit=0)
        write_result(f"Would decide detection {change.detection.id[:8]} anew. {change_in_words(change)}")
        return
    decided = workspace.decide_detection(detection=identifier, policy=policy)
    write_result(
        f"Detection {decided.id[:8]} flags {count(decided.n_anomalies)} of {count(decided.n_rows)} rows. "
        f"{policy_in_words(decided.policy, decided.score_threshold)}"
    )


@app.command(
    help=options.examples(
        "Show which rows a decision gets wrong, by a column of yes/no answers; nothing is stored.",
        "pynomaly detection mistakes last --label is_fraud",
        "pynomaly detection mistakes last --label is_fraud --budget 20",
    )
)
def mistakes(
    context: typer.Context,
    label: options.AnswersOption,
    identifier: options.DetectionArgument = "last",
    score_threshold: options.ScoreThresholdOption = None,
    budget: options.BudgetOption = None,
    data: options.RowsNowOption = None,
    rows: Annotated[int, typer.Option("--rows", min=0, help="Show this many false alarms, and as many misses.")] = 10,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """List false alarms and misses."""
    from pynomaly.application.choices import line_for

    found = session_of(context).workspace.find_mistakes(
        detection=identifier,
        label=label,
        policy=line_for(budget=budget, score_threshold=score_threshold),
        limit=rows,
        source=data,
    )
    write_mistakes(found, options.chosen(form, as_json))


def _policy(
    contamination: float | None,
    budget: str | None,
    false_alarms: float | None,
    threshold: float | None,
    score_threshold: float | None,
) -> "DecisionPolicy":
    from pynomaly.application.choices import policy_for

    return policy_for(
        contamination=contamination,
        budget=budget,
        false_alarms=false_alarms,
        threshold=threshold,
        score_threshold=score_threshold,
    )

"""`pynomaly demo`: a real table, written as a CSV file, on the same road as anybody's."""

from pathlib import Path
from typing import Annotated

import typer

from pynomaly.domain.model_selection import AUTOMATIC
from pynomaly.presentation.cli import options
from pynomaly.presentation.cli.look import Learning, Look, Question, Source
from pynomaly.presentation.cli.progress import ProgressForm
from pynomaly.presentation.cli.session import session_of
from pynomaly.presentation.cli.streams import tell
from pynomaly.presentation.cli.views.formats import Format
from pynomaly.presentation.cli.views.report_output import write_report

LABEL, IDENTIFIER, BUDGET = "malignant", "patient", 10

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command(
    help=options.examples(
        "Write a real table, breast-cancer measurements with a few malignant ones, to a file and find its anomalies.",
        "pynomaly demo",
        "pynomaly demo --folder trial",
    )
)
def demo(
    context: typer.Context,
    folder: Annotated[Path, typer.Option("--folder", help="Where to write the table.")] = Path("pynomaly-demo"),
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
    progress: options.ProgressOption = ProgressForm.AUTO,
) -> None:
    """Try it on a real table."""
    from pynomaly.application.choices import policy_for, roles_for

    session = session_of(context)
    path = str(session.program.write_sample(folder))
    file = options.word(path)
    tell(f"$ pynomaly detect {file} --id {IDENTIFIER} --label {LABEL} --budget {BUDGET}")
    tell("")
    roles = roles_for(identifier=IDENTIFIER, label=LABEL)
    question = Question(policy_for(budget=BUDGET), roles, LABEL, BUDGET, with_reasons=True)
    learning = Learning(AUTOMATIC, {}, {}, None, seed=0)
    report = Look(Source(path), question, learning).take(session, None, progress)
    write_report(
        report,
        BUDGET,
        options.chosen(form, as_json),
        [
            f"pynomaly detect {file} --id {IDENTIFIER} --ignore {LABEL}   # without knowing how many to expect",
            f"pynomaly detect {file} --label {LABEL} --algorithm ecod --budget 1%   # another detector, another budget",
        ],
    )

"""`pynomaly rule`: what is worth a message, and to whom."""

from typing import TYPE_CHECKING, Annotated

import typer

from pynomaly.presentation.cli import options
from pynomaly.presentation.cli.command_group import new_group
from pynomaly.presentation.cli.session import session_of
from pynomaly.presentation.cli.streams import write_result
from pynomaly.presentation.cli.views.formats import Field, Format
from pynomaly.presentation.cli.views.listing import write_list, write_object
from pynomaly.presentation.cli.views.rule_view import rule_as_facts, rule_as_json, rule_as_row
from pynomaly.presentation.words.cell_text import quoted

if TYPE_CHECKING:
    from pynomaly.domain.notification_rule import Occasion

MOST = 500

app = new_group(
    options.examples(
        "Say what is worth a message, and to whom.",
        "pynomaly rule create severe --when anomalies_found --channel duty --least-severity 75",
        "pynomaly rule list",
    )
)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="A rule's name, or its id.")]
ChannelOption = Annotated[
    list[str] | None, typer.Option("--channel", metavar="NAME", help="Through which channel; repeatable.")
]
CountOption = Annotated[
    int | None, typer.Option("--least-anomalies", min=1, help="Only findings of so many anomalies or more.")
]
SeverityOption = Annotated[
    float | None,
    typer.Option("--least-severity", min=0, max=100, help="Only findings with an anomaly so severe; 50 is the fence."),
]
DetectorOption = Annotated[
    str | None, typer.Option("--detector", metavar="NAME", help="Only findings of this detector.")
]


@app.command(
    help=options.examples(
        "Have somebody told of what happens from now on: findings, or jobs that fail.",
        "pynomaly rule create severe --when anomalies_found --channel duty --least-severity 75",
        "pynomaly rule create broken --when job_failed --channel duty",
    )
)
def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    when: Annotated[str, typer.Option("--when", metavar="OCCASION", help="anomalies_found or job_failed.")],
    channels: ChannelOption = None,
    least_anomalies: CountOption = None,
    least_severity: SeverityOption = None,
    detector: DetectorOption = None,
) -> None:
    """Make a rule."""
    made = session_of(context).workspace.create_rule(
        name=name,
        occasion=_occasion(when),
        channels=channels or [],
        least_anomalies=1 if least_anomalies is None else least_anomalies,
        least_severity=0.0 if least_severity is None else least_severity,
        detector=detector,
    )
    write_result(f"Created rule {quoted(made.name)}.")


@app.command(
    "list", help=options.examples("List rules, newest first.", "pynomaly rule list", "pynomaly rule list --json")
)
def list_(
    context: typer.Context, form: options.FormatOption = Format.TABLE, as_json: options.JsonOption = False
) -> None:
    """List rules."""
    from pynomaly.application.ports.paging import Piece

    rules = session_of(context).workspace.queries.rule_page(Piece(MOST)).items
    write_list(
        options.chosen(form, as_json),
        [rule_as_json(rule) for rule in rules],
        [Field("name"), Field("enabled"), Field("channels", True), Field("tells of")],
        [rule_as_row(rule) for rule in rules],
        when_empty="There are no rules yet; make one with: pynomaly rule create NAME --when OCCASION --channel NAME",
    )


@app.command(
    help=options.examples("Show a rule.", "pynomaly rule show severe", "pynomaly rule show severe --format json")
)
def show(
    context: typer.Context,
    name: NameArgument,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """Show a rule."""
    rule = session_of(context).workspace.queries.rule(name)
    write_object(options.chosen(form, as_json), rule_as_json(rule), rule_as_facts(rule))


@app.command(
    help=options.examples(
        "Change a rule: what is left out stays. What happens while it is disabled is not told of later.",
        "pynomaly rule change severe --least-severity 90",
        "pynomaly rule change severe --disable",
    )
)
def change(
    context: typer.Context,
    name: NameArgument,
    new_name: Annotated[str | None, typer.Option("--name", help="Another name.")] = None,
    channels: ChannelOption = None,
    least_anomalies: CountOption = None,
    least_severity: SeverityOption = None,
    detector: DetectorOption = None,
    any_detector: Annotated[bool, typer.Option("--any-detector", help="Findings of any detector again.")] = False,
    is_enabled: Annotated[bool | None, typer.Option("--enable/--disable", help="Wake it, or let it rest.")] = None,
) -> None:
    """Change a rule."""
    changed = session_of(context).workspace.change_rule(
        rule=name,
        name=new_name,
        channels=channels or None,
        least_anomalies=least_anomalies,
        least_severity=least_severity,
        detector=detector,
        of_any_detector=any_detector,
        is_enabled=is_enabled,
    )
    write_result(f"Changed rule {quoted(changed.name)}.")


@app.command(
    help=options.examples(
        "Delete a rule; messages it has caused go on their way.",
        "pynomaly rule remove severe --yes",
        "pynomaly rule remove severe --dry-run",
    )
)
def remove(
    context: typer.Context,
    name: NameArgument,
    is_confirmed: options.YesOption = False,
    is_dry_run: options.DryRunOption = False,
) -> None:
    """Delete a rule."""
    session = session_of(context)
    found = session.workspace.queries.rule(name)
    session.delete(
        f"rule {quoted(found.name)}",
        lambda: session.workspace.remove_rule(rule=found.id),
        is_confirmed=is_confirmed,
        is_dry_run=is_dry_run,
    )


def _occasion(text: str) -> "Occasion":
    from pynomaly.domain.errors import InvalidRequest, did_you_mean
    from pynomaly.domain.notification_rule import Occasion

    known = [occasion.value for occasion in Occasion]
    if text not in known:
        raise InvalidRequest(f"--when takes {' or '.join(known)}, not '{text}'{did_you_mean(text, known)}")
    return Occasion(text)

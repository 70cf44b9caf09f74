"""`pynomaly delivery`: messages on their way, and those that did not arrive."""

from typing import TYPE_CHECKING, Annotated

import typer

from pynomaly.presentation.cli import options
from pynomaly.presentation.cli.command_group import new_group
from pynomaly.presentation.cli.session import session_of
from pynomaly.presentation.cli.streams import write_result
from pynomaly.presentation.cli.views.delivery_view import delivery_as_json, delivery_as_row
from pynomaly.presentation.cli.views.formats import Field, Format
from pynomaly.presentation.cli.views.listing import write_list

if TYPE_CHECKING:
    from pynomaly.domain.delivery import DeliveryStatus

MOST = 500

app = new_group(
    options.examples(
        "Look at messages on their way.", "pynomaly delivery list", "pynomaly delivery list --status failed"
    )
)


@app.command(
    "list",
    help=options.examples(
        "List deliveries, newest first.",
        "pynomaly delivery list --status failed",
        "pynomaly delivery list --channel duty --json",
    ),
)
def list_(
    context: typer.Context,
    status: Annotated[
        str | None, typer.Option("--status", help="Only those that are waiting, sending, delivered or failed.")
    ] = None,
    channel: Annotated[str | None, typer.Option("--channel", metavar="NAME", help="Only those of a channel.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=MOST, help="How many at most.")] = 50,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """List deliveries."""
    from pynomaly.application.ports.paging import Piece

    queries = session_of(context).workspace.queries
    deliveries = queries.delivery_page(Piece(limit), status=_status(status), channel=channel).items
    write_list(
        options.chosen(form, as_json),
        [delivery_as_json(delivery) for delivery in deliveries],
        [Field("id"), Field("status"), Field("attempts", True), Field("made"), Field("title"), Field("last error")],
        [delivery_as_row(delivery) for delivery in deliveries],
        when_empty="There are no such deliveries.",
    )


@app.command(
    help=options.examples(
        "Have a message sent again that failed, under the same id.",
        "pynomaly delivery retry 7d3e91aa",
        "pynomaly delivery retry 7d3e91aa02c4f6b8",
    )
)
def retry(
    context: typer.Context,
    identifier: Annotated[str, typer.Argument(metavar="ID", help="8 or more characters of the delivery's id.")],
) -> None:
    """Retry a delivery."""
    waiting = session_of(context).workspace.retry_delivery(delivery=identifier)
    write_result(f"Delivery {waiting.id[:8]} is {waiting.status}.")


def _status(text: str | None) -> "DeliveryStatus | None":
    from pynomaly.domain.delivery import DeliveryStatus
    from pynomaly.domain.errors import InvalidRequest, did_you_mean

    known = [status.value for status in DeliveryStatus]
    if text is not None and text not in known:
        raise InvalidRequest(f"--status takes {', '.join(known)}, not '{text}'{did_you_mean(text, known)}")
    return None if text is None else DeliveryStatus(text)

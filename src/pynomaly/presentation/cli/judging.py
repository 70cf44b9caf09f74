"""Commands of detections and detectors about verdicts: say whether rows are anomalies, see what the answers say."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from pynomaly.presentation.cli import options
from pynomaly.presentation.cli.session import session_of
from pynomaly.presentation.cli.streams import tell, write_result
from pynomaly.presentation.cli.views.formats import Format, as_json
from pynomaly.presentation.cli.views.listing import write_list
from pynomaly.presentation.cli.views.verdict_view import (
    DETECTOR_FIELDS,
    VERDICT_FIELDS,
    detector_as_row,
    summary_as_json,
    verdict_as_json,
    verdict_as_row,
)
from pynomaly.presentation.words.cell_text import shown
from pynomaly.presentation.words.figures import count
from pynomaly.presentation.words.verdict_words import answer_in_words, summary_in_words

if TYPE_CHECKING:
    from pynomaly.application.workspace import Workspace
    from pynomaly.domain.verdict import Verdict, VerdictAnswer

MOST_TOLD = 5

JUDGE_HELP = options.examples(
    "Say whether rows of a detection are anomalies. The last answer on a row stands; the audit log has those before.",
    "pynomaly detection judge last 0 1 --answer false_alarm --note 'month-end orders'",
    "pynomaly detection judge last 1 --undo",
)
VERDICTS_HELP = options.examples(
    "Show what was said of a detection's rows, also when they were judged on other detections, and what it amounts to.",
    "pynomaly detection verdicts last",
    "pynomaly detection verdicts last --json",
)
SUMMARY_HELP = options.examples(
    "Show how many findings of each detector were called wrong, of those that were judged in the last days.",
    "pynomaly detector verdicts",
    "pynomaly detector verdicts --days 90 --json",
)


def judge(
    context: typer.Context,
    identifier: Annotated[
        str, typer.Argument(metavar="DETECTION", help="8 or more characters of its id; `last` is the newest.")
    ],
    rows: Annotated[list[int], typer.Argument(metavar="ROW", min=0, help="Rows by their number, from 0.")],
    answer: Annotated[
        str | None,
        typer.Option("--answer", help="confirmed, expected, false_alarm, new_normal or not_sure."),
    ] = None,
    note: Annotated[str, typer.Option("--note", help="For whoever looks at the rows later.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take back what was said of these rows.")] = False,
) -> None:
    """Say whether rows are anomalies, or take it back."""
    workspace = session_of(context).workspace
    if undo:
        _take_back(workspace, identifier, rows, is_alone=answer is None and not note)
        return
    chosen = _answer(answer)
    given = workspace.give_verdict(detection=identifier, rows=rows, answer=chosen, note=note)
    write_result(f"{_rows(given)} judged: {answer_in_words(chosen)}.")
    _tell_of_replaced(given)


def verdicts(
    context: typer.Context,
    identifier: Annotated[
        str, typer.Argument(metavar="DETECTION", help="8 or more characters of its id; `last` is the newest.")
    ] = "last",
    form: options.FormatOption = Format.TABLE,
    as_json_: options.JsonOption = False,
) -> None:
    """Show the verdicts on a detection."""
    known = session_of(context).workspace.queries.verdicts(identifier)
    records = [verdict_as_json(verdict) for verdict in known.by_row.values()]
    chosen = options.chosen(form, as_json_)
    if chosen is Format.JSON:
        write_result(as_json({"items": [*records], "summary": summary_as_json(known.summary)}))
        return
    unjudged = (
        f"Nothing was judged yet; judge a row: pynomaly detection judge {known.detection_id[:8]} ROW --answer ANSWER"
    )
    write_list(
        chosen, records, VERDICT_FIELDS, [verdict_as_row(known, row) for row in known.by_row], when_empty=unjudged
    )
    if chosen is Format.TABLE and records:
        write_result(f"\n{summary_in_words(known.summary)}")


def verdicts_by_detector(
    context: typer.Context,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="Count what was said in so many days.")] = 30,
    form: options.FormatOption = Format.TABLE,
    as_json: options.JsonOption = False,
) -> None:
    """Show what was said of each detector's findings."""
    queries = session_of(context).workspace.queries
    names = {detector.id: detector.name for detector in queries.detectors()}
    told = queries.verdict_summary(days=days)
    write_list(
        options.chosen(form, as_json),
        [{"detector_id": one.detector_id, "summary": summary_as_json(one.summary)} for one in told],
        DETECTOR_FIELDS,
        [detector_as_row(one, names.get(one.detector_id)) for one in told],
        when_empty=f"Nothing was judged in the last {count(days)} days; see pynomaly detection judge --help",
    )


def _tell_of_replaced(given: "Sequence[Verdict]") -> None:
    replaced = [(verdict.row, verdict.replaced) for verdict in given if verdict.replaced is not None]
    for row, before in replaced[:MOST_TOLD]:
        tell(f"note: row {row} was judged before: {answer_in_words(before.answer)}, by {shown(before.given_by)}")
    if more := replaced[MOST_TOLD:]:
        tell(f"note: so were {count(len(more))} more")


def _take_back(workspace: "Workspace", detection: str, rows: Sequence[int], *, is_alone: bool) -> None:
    if not is_alone:
        from pynomaly.domain.errors import InvalidRequest

        raise InvalidRequest("--undo takes back what was said; leave --answer and --note out")
    taken_back = workspace.take_back_verdict(detection=detection, rows=rows)
    write_result(f"{_rows(taken_back)} no longer judged.")


def _rows(verdicts: "Sequence[Verdict]") -> str:
    detection = verdicts[0].detection_id[:8]
    return (
        f"1 row of detection {detection}"
        if len(verdicts) == 1
        else f"{count(len(verdicts))} rows of detection {detection}"
    )


def _answer(text: str | None) -> "VerdictAnswer":
    from pynomaly.domain.errors import InvalidRequest, did_you_mean
    from pynomaly.domain.verdict import VerdictAnswer

    known = [answer.value for answer in VerdictAnswer]
    named = "nothing" if text is None else f"'{text}'"
    if text is None or text not in known:
        hint = "" if text is None else did_you_mean(text, known)
        raise InvalidRequest(f"--answer takes {', '.join(known[:-1])} or {known[-1]}, not {named}{hint}")
    return VerdictAnswer(text)

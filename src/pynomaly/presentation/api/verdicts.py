"""`/detections/{id}/verdicts`: say whether rows are anomalies, take it back, see what the answers say.

Verdicts have no entity tags: the last answer stands, and tells whose it took the place of.
"""

from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, Path, Query
from starlette.responses import Response

from pynomaly.application.ports.asking import Reply
from pynomaly.application.ports.paging import Page, Piece
from pynomaly.domain.access import Permission
from pynomaly.domain.errors import CorruptModel, InvalidRequest, NotFound
from pynomaly.domain.verdict import DetectionVerdicts, Verdict
from pynomaly.presentation.api.access import requires
from pynomaly.presentation.api.caller import Caller, KeyHeader
from pynomaly.presentation.api.detections import DetectionPath, Reader
from pynomaly.presentation.api.replies import gone, json_reply, shown
from pynomaly.presentation.api.routing import KEYED, LISTED, WITH_BODY, answers, router
from pynomaly.presentation.api.schemas.verdicts import (
    DetectionVerdictsAnswer,
    DetectorVerdictsAnswer,
    NewVerdict,
    NewVerdicts,
    RowsToTakeBack,
    RowVerdictAnswer,
    SeveralVerdictsAnswer,
    VerdictSummaryAnswer,
    WorkspaceVerdictsAnswer,
)
from pynomaly.presentation.http.bounds import Days, RowIndex
from pynomaly.presentation.http.cursors import DEFAULT_LIMIT, CursorParameter, LimitParameter

routes = router("verdicts")
Judge = Annotated[Caller, Depends(requires(Permission.JUDGE))]
RowPath = Annotated[RowIndex, Path(description="The row's place in the dataset, from 0.")]
_ROW = "/detections/{id}/rows/{row}/verdict"
_HERE = "/detections/{id}/verdicts"


@routes.put(
    _ROW,
    operation_id="give_verdict",
    response_model=RowVerdictAnswer,
    responses=answers(WITH_BODY, KEYED, NotFound, InvalidRequest, CorruptModel),
)
def give_verdict(
    caller: Judge, detection_id: DetectionPath, row: RowPath, body: NewVerdict, key: KeyHeader = None
) -> Response:
    """Say whether a row is an anomaly, whichever row it is.

    The last answer stands; `replaced` has the one before it. Repeating your own changes nothing.
    """
    return caller.answer(
        lambda workspace: workspace.give_verdict(detection=detection_id, row=row, answer=body.answer, note=body.note),
        lambda given: json_reply(RowVerdictAnswer.of(given)),
        key=key,
        content=body.model_dump_json().encode(),
    )


@routes.delete(
    _ROW, operation_id="take_back_verdict", status_code=204, responses=answers(KEYED, NotFound, InvalidRequest)
)
def take_back_verdict(caller: Judge, detection_id: DetectionPath, row: RowPath, key: KeyHeader = None) -> Response:
    """Take a verdict back; the row is unjudged again, unless it was judged on another detection of the same rows."""
    return caller.answer(
        lambda workspace: workspace.take_back_verdict(detection=detection_id, row=row), lambda _: gone(), key=key
    )


@routes.post(
    _HERE,
    operation_id="give_verdicts",
    response_model=SeveralVerdictsAnswer,
    responses=answers(WITH_BODY, KEYED, NotFound, InvalidRequest, CorruptModel),
)
def give_verdicts(caller: Judge, detection_id: DetectionPath, body: NewVerdicts, key: KeyHeader = None) -> Response:
    """Give several rows the same answer: all of them get it, or none."""
    return caller.answer(
        lambda workspace: workspace.give_verdict(
            detection=detection_id, rows=body.rows, answer=body.answer, note=body.note
        ),
        _several,
        key=key,
        content=body.model_dump_json().encode(),
    )


@routes.post(
    _HERE + "/take-back",
    operation_id="take_back_verdicts",
    response_model=SeveralVerdictsAnswer,
    responses=answers(WITH_BODY, KEYED, NotFound, InvalidRequest),
)
def take_back_verdicts(
    caller: Judge, detection_id: DetectionPath, body: RowsToTakeBack, key: KeyHeader = None
) -> Response:
    """Take back the verdicts on several rows: all of them, or none. The answer has what was taken back."""
    return caller.answer(
        lambda workspace: workspace.take_back_verdict(detection=detection_id, rows=body.rows),
        _several,
        key=key,
        content=body.model_dump_json().encode(),
    )


@routes.get(
    _HERE,
    operation_id="list_verdicts",
    response_model=DetectionVerdictsAnswer,
    responses=answers(LISTED, NotFound, InvalidRequest, CorruptModel),
)
def list_verdicts(
    caller: Reader, detection_id: DetectionPath, limit: LimitParameter = DEFAULT_LIMIT, cursor: CursorParameter = None
) -> Response:
    """Page through the verdicts on a detection's rows, in the order of the rows, with the summary of all of them.

    A row that was judged on another detection of the same rows comes with that verdict, and its `detection_id`.
    """
    cursors, known = caller.service.cursors, caller.workspace.queries.verdicts(detection_id)
    scope = ("verdicts", caller.principal.tenant_id, known.detection_id)
    page = _page(known, cursors.piece(limit, cursor, *scope))
    return shown(
        DetectionVerdictsAnswer(
            items=[RowVerdictAnswer.of(verdict) for verdict in page.items],
            next_cursor=cursors.next_cursor(page, *scope),
            summary=VerdictSummaryAnswer.of(known.summary),
        )
    )


@routes.get(
    "/verdict-summary",
    operation_id="summarise_verdicts",
    response_model=WorkspaceVerdictsAnswer,
    responses=answers(),
)
def summarise_verdicts(
    caller: Reader, days: Annotated[Days, Query(description="Count what was said in so many days.")] = 30
) -> Response:
    """Say how many flags were called wrong, by detector; a row judged on several detections counts once."""
    told = caller.workspace.queries.verdict_summary(days=days)
    return shown(WorkspaceVerdictsAnswer(days=days, items=[DetectorVerdictsAnswer.of(one) for one in told]))


def _several(verdicts: Iterable[Verdict]) -> Reply:
    return json_reply(SeveralVerdictsAnswer(items=[RowVerdictAnswer.of(verdict) for verdict in verdicts]))


def _page(known: DetectionVerdicts, piece: Piece) -> Page[Verdict]:
    """Return a piece of the verdicts; positions are rows."""
    left = [verdict for row, verdict in known.by_row.items() if piece.after is None or row > piece.after]
    items = left[: piece.limit]
    return Page(items, items[-1].row if len(left) > piece.limit else None)

"""`/detections/{id}/rows/{row}`: one row, why it stands out, what is like it, and what people say of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header
from starlette.responses import Response

from pynomaly.application.ports.asking import Asked, Reply
from pynomaly.domain.access import Permission
from pynomaly.domain.detection import Anomaly, Detection
from pynomaly.domain.errors import Conflict, ExtraNotInstalled, NotFound, PynomalyError
from pynomaly.domain.inspection import Inspection
from pynomaly.domain.verdict import Verdict, VerdictAnswer
from pynomaly.presentation.http.bounds import IdempotencyKey, ObjectId, RowIndex
from pynomaly.presentation.http.once import KeyedRequest, answered_once
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.code_forms import ApiCall, CodeForm, code_form
from pynomaly.presentation.web.contribution_bars import contribution_bars
from pynomaly.presentation.web.detections import detector_name
from pynomaly.presentation.web.forms import Fields, Form
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.texts import _, ngettext
from pynomaly.presentation.web.visitor import Visitor
from pynomaly.presentation.words.anomaly_words import anomaly_in_words, compared_in_words, counterfactual_in_words
from pynomaly.presentation.words.findings_words import typical_in_words

routes = pages()
Reader = Annotated[Visitor, Depends(requires(Permission.READ))]
Judge = Annotated[Visitor, Depends(requires(Permission.JUDGE))]
KeyHeader = Annotated[IdempotencyKey | None, Header(alias="Idempotency-Key")]
NOT_INSPECTED = (Conflict, NotFound, ExtraNotInstalled)
"""What may be missing to look into a row whose score is there all the same: the rows, the model, its package."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A row as its page shows it. inspection: None with the reason where it cannot be looked into any more."""

    anomaly: Anomaly
    inspection: Inspection | None
    missing: str
    verdict: Verdict | None
    next_row: int | None


@routes.get("/detections/{id}/rows/{row}")
def show_anomaly(visitor: Reader, id: ObjectId, row: RowIndex) -> Response:
    """Show one row in depth."""
    detection, seen = _seen(visitor, id, row)
    return visitor.page("anomaly.html", **_context(visitor, detection, seen))


@routes.post("/detections/{id}/rows/{row}/verdict")
def judge(visitor: Judge, id: ObjectId, row: RowIndex, form: Form, key: KeyHeader = None) -> Response:
    """Store what somebody says of a row, and of rows like it where they are ticked; or take it back."""
    rows = _rows(row, form)

    def act(asked: Asked) -> Sequence[Verdict]:
        workspace = visitor.program.open_workspace(asked)
        if form.text("answer") == "undo":
            return workspace.take_back_verdict(detection=id, rows=rows)
        answer = form.word("answer", VerdictAnswer)
        return workspace.give_verdict(detection=id, rows=rows, answer=answer, note=form.text("note", most=500))

    if key is None:
        act(visitor.asked)
    else:
        content = repr((rows, form.text("answer"), form.text("note", most=500))).encode()
        request = KeyedRequest(
            visitor.asked, f"POST {visitor.request.url.path}", key, content, visitor.program.new_id()
        )
        answered_once(visitor.program.open_workspace, request, act, lambda _made: Reply(204, (), b""))
    if visitor.is_for_part:
        detection, seen = _seen(visitor, id, row)
        return visitor.part("anomaly.html", "verdict", **_context(visitor, detection, seen))
    return visitor.go_to(f"/detections/{id}/rows/{row}", notice=_said(form, len(rows)))


def _said(form: Fields, n_rows: int) -> str:
    if form.text("answer") == "undo":
        return _("Taken back: the row is not judged any more.")
    return ngettext("Stored, for 1 row.", "Stored, for %(n)s rows.", n_rows) % {"n": n_rows}


def _rows(row: int, form: Fields) -> list[int]:
    also = [int(one) for one in form.all("also") if one.isdecimal() and len(one) < 16]
    return list(dict.fromkeys([row, *also]))


def _seen(visitor: Visitor, id: str, row: int) -> tuple[Detection, Seen]:
    workspace = visitor.workspace
    detection = workspace.queries.detection(id)
    inspection, missing = None, ""
    try:
        inspection = workspace.inspect_row(detection=id, row=row)
        anomaly = inspection.anomaly
    except NOT_INSPECTED as error:
        anomaly, missing = _as_told(detection, row, error), str(error)
    verdicts = workspace.queries.verdicts(id).by_row
    ranked = [one.row for one in detection.strangest if one.is_anomaly]
    waiting = [one for one in ranked if one not in verdicts and one != row]
    return detection, Seen(anomaly, inspection, missing, verdicts.get(row), next(iter(waiting), None))


def _as_told(detection: Detection, row: int, error: PynomalyError) -> Anomaly:
    """Return a row as the detection told of it; one that it did not tell of cannot be shown."""
    told = next((one for one in detection.strangest if one.row == row), None)
    if told is None:
        raise error
    return told


def _context(visitor: Visitor, detection: Detection, seen: Seen) -> dict[str, Any]:
    inspection = seen.inspection
    return {
        "detection": detection,
        "seen": seen,
        "anomaly": seen.anomaly,
        "inspection": inspection,
        "sentence": anomaly_in_words(seen.anomaly, inspection),
        "bars": () if inspection is None else contribution_bars(inspection),
        "instead": "" if inspection is None else counterfactual_in_words(inspection),
        "compared": "" if inspection is None else compared_in_words(inspection.around),
        "typical": typical_in_words,
        "answers": _answers(),
        "detector_name": detector_name(visitor, detection),
        "forms": _forms(visitor, detection, seen.anomaly.row),
    }


def _answers() -> list[tuple[VerdictAnswer, str, str]]:
    """Return each answer, as a button says it, and what it means."""
    return [
        (VerdictAnswer.CONFIRMED, _("Confirmed"), _("an anomaly, and worth acting on")),
        (VerdictAnswer.EXPECTED, _("Expected"), _("an anomaly with a harmless reason that is known")),
        (VerdictAnswer.FALSE_ALARM, _("False alarm"), _("no anomaly")),
        (VerdictAnswer.NEW_NORMAL, _("New normal"), _("unusual until now, normal from now on")),
        (VerdictAnswer.NOT_SURE, _("Not sure"), _("looked at, and still open")),
    ]


def _forms(visitor: Visitor, detection: Detection, row: int) -> list[CodeForm]:
    here, named = f"/detections/{detection.id}/rows/{row}", f'detection="{detection.id}"'
    return [
        code_form(
            visitor.request,
            _("Look into this row"),
            ApiCall("GET", f"{here}/inspection"),
            ["detection", "explain", detection.id, str(row)],
            f"inspection = workspace.inspect_row({named}, row={row})",
        ),
        code_form(
            visitor.request,
            _("Say what it is"),
            ApiCall("PUT", f"{here}/verdict", {"answer": "false_alarm"}),
            ["detection", "judge", detection.id, str(row), "--answer", "false_alarm"],
            f'workspace.give_verdict({named}, row={row}, answer="false_alarm")',
        ),
    ]

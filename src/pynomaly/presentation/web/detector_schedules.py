"""Schedules of a detector: work that is done again and again, made, rested, woken and deleted on its page."""

from typing import Annotated

from fastapi import Depends
from starlette.responses import Response

from pynomaly.domain.access import Permission
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.errors import InvalidRequest, NotFound
from pynomaly.domain.job import JobKind
from pynomaly.domain.schedule import Schedule
from pynomaly.presentation.http.bounds import ObjectId
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.detector_changes import STRANGEST_KEPT, done
from pynomaly.presentation.web.forms import Fields, Form
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor

routes = pages()
Writer = Annotated[Visitor, Depends(requires(Permission.WRITE_SCHEDULES))]
OWN_CRON = "own"
"""What the choice of times holds where the expression is written out."""
_HERE = "/detectors/{id}/schedules"


@routes.post(_HERE)
def create_schedule(visitor: Writer, id: ObjectId, form: Form) -> Response:
    """Have the detector trained or asked again and again."""

    def create() -> Response:
        kind = form.word("kind", JobKind)
        made = visitor.workspace.create_schedule(
            name=form.needed("schedule_name", most=1000),
            cron=_cron(form),
            time_zone=form.text("time_zone") or "UTC",
            kind=kind,
            payload=_payload(kind, id, form),
        )
        return _back(visitor, id, _("'%(name)s' is scheduled.") % {"name": made.name})

    return done(visitor, id, form, create)


@routes.post(_HERE + "/{schedule_id}/rest")
def rest(visitor: Writer, id: ObjectId, schedule_id: ObjectId, form: Form) -> Response:
    """Have a schedule submit nothing until it is woken."""
    return _changed(visitor, id, schedule_id, form, is_enabled=False)


@routes.post(_HERE + "/{schedule_id}/wake")
def wake(visitor: Writer, id: ObjectId, schedule_id: ObjectId, form: Form) -> Response:
    """Have a schedule submit its work again."""
    return _changed(visitor, id, schedule_id, form, is_enabled=True)


@routes.post(_HERE + "/{schedule_id}/delete")
def delete_schedule(visitor: Writer, id: ObjectId, schedule_id: ObjectId, form: Form) -> Response:
    """Forget a schedule."""

    def remove() -> Response:
        found = _schedule(visitor, id, schedule_id)
        visitor.workspace.remove_schedule(schedule=found.id, revision=form.whole_number("revision"))
        return _back(visitor, id, _("'%(name)s' was deleted; the jobs it submitted stay.") % {"name": found.name})

    return done(visitor, id, form, remove)


def _changed(visitor: Visitor, detector_id: str, schedule_id: str, form: Fields, *, is_enabled: bool) -> Response:
    def change() -> Response:
        found = _schedule(visitor, detector_id, schedule_id)
        visitor.workspace.change_schedule(
            schedule=found.id, is_enabled=is_enabled, revision=form.whole_number("revision")
        )
        notice = _("'%(name)s' goes on.") if is_enabled else _("'%(name)s' rests; times missed are not made up for.")
        return _back(visitor, detector_id, notice % {"name": found.name})

    return done(visitor, detector_id, form, change)


def _schedule(visitor: Visitor, detector_id: str, schedule_id: str) -> Schedule:
    """Return a schedule of a detector. Raises NotFound for one of another."""
    found = visitor.workspace.queries.schedule(schedule_id)
    if found.payload.get("detector_id") != detector_id:
        raise NotFound(_("this detector has no such schedule"))
    return found


def _cron(form: Fields) -> str:
    chosen = form.needed("when")
    return form.needed("cron") if chosen == OWN_CRON else chosen


def _payload(kind: JobKind, detector_id: str, form: Fields) -> dict[str, JsonValue]:
    payload: dict[str, JsonValue] = {"detector_id": detector_id, "dataset_id": form.needed("dataset")}
    if kind is JobKind.PULL:
        raise InvalidRequest(_("a detector is trained or asked; rows are pulled by a schedule of their source"))
    return payload if kind is JobKind.TRAIN else payload | {"n_strangest": STRANGEST_KEPT}


def _back(visitor: Visitor, detector_id: str, notice: str) -> Response:
    return visitor.go_to(f"/detectors/{detector_id}#schedules", notice=notice)

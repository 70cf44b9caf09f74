"""What can be done with a detector: train, look, promote, rename, retire, delete."""

from collections.abc import Callable, Iterator
from typing import Annotated

from fastapi import Depends
from starlette.responses import Response

from pynomaly.application.at_once import fits_at_once
from pynomaly.domain.access import Permission
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.detector import Detector
from pynomaly.domain.errors import InvalidRequest, PynomalyError, StaleWrite
from pynomaly.domain.job import JobKind
from pynomaly.presentation.http.bounds import ObjectId
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.detector_page import detector_context
from pynomaly.presentation.web.forms import Fields, Form
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor

routes = pages()
Scorer = Annotated[Visitor, Depends(requires(Permission.SCORE))]
Writer = Annotated[Visitor, Depends(requires(Permission.WRITE_DETECTORS))]
STRANGEST_KEPT = 100
_HERE = "/detectors/{id}"


@routes.post(_HERE + "/train")
def train(visitor: Writer, id: ObjectId, form: Form) -> Response:
    """Have the detector learn from a dataset, as a job."""

    def submit() -> Response:
        payload: dict[str, JsonValue] = {
            "detector_id": id,
            "dataset_id": form.needed("dataset"),
            "seed": form.whole_number("seed") or 0,
            "then_detect": form.is_set("then_detect"),
        }
        job = visitor.workspace.submit_job(kind=JobKind.TRAIN, payload=payload)
        return visitor.go_to(f"/jobs/{job.id}", notice=_("The training waits for a worker."))

    return done(visitor, id, form, submit)


@routes.post(_HERE + "/detect")
def detect(visitor: Scorer, id: ObjectId, form: Form) -> Response:
    """Look for anomalies in a dataset: at once where it is small, else as a job."""

    def look() -> Response:
        workspace = visitor.workspace
        dataset = workspace.queries.dataset(form.needed("dataset"))
        if fits_at_once(dataset):
            found = workspace.detect_anomalies(detector=id, dataset=dataset.id, n_strangest=STRANGEST_KEPT)
            return visitor.go_to(f"/detections/{found.detection.id}")
        payload: dict[str, JsonValue] = {"detector_id": id, "dataset_id": dataset.id, "n_strangest": STRANGEST_KEPT}
        job = workspace.submit_job(kind=JobKind.DETECT, payload=payload)
        return visitor.go_to(f"/jobs/{job.id}", notice=_("The detection waits for a worker."))

    return done(visitor, id, form, look)


@routes.post(_HERE + "/promote")
def promote(visitor: Writer, id: ObjectId, form: Form) -> Response:
    """Let another version score from now on."""

    def change() -> Response:
        version = form.whole_number("version")
        if version is None:
            raise InvalidRequest(_("choose a version"))
        visitor.workspace.promote_version(detector=id, version=version, revision=form.whole_number("revision"))
        return _back(visitor, id, _("Version %(number)d scores from now on.") % {"number": version})

    return done(visitor, id, form, change)


@routes.post(_HERE + "/rename")
def rename(visitor: Writer, id: ObjectId, form: Form) -> Response:
    """Give the detector another name."""

    def change() -> Response:
        name = form.needed("name", most=1000)
        visitor.workspace.change_detector(detector=id, name=name, revision=form.whole_number("revision"))
        return _back(visitor, id, _("The detector is called '%(name)s' now.") % {"name": name})

    return done(visitor, id, form, change)


@routes.post(_HERE + "/retire")
def retire(visitor: Writer, id: ObjectId, form: Form) -> Response:
    """Have the detector score nothing any more."""

    def change() -> Response:
        visitor.workspace.change_detector(detector=id, is_retired=True, revision=form.whole_number("revision"))
        return _back(visitor, id, _("The detector is retired: it keeps its history and scores nothing any more."))

    return done(visitor, id, form, change)


@routes.post(_HERE + "/delete")
def delete(visitor: Writer, id: ObjectId, form: Form) -> Response:
    """Forget the detector, if its name was typed in."""

    def change() -> Response:
        detector, _runs = visitor.workspace.queries.detector(id)
        if form.text("confirmation", most=1000) != detector.name:
            raise InvalidRequest(_("type the detector's name, exactly as it stands there, to delete it"))
        visitor.workspace.remove_detector(detector=id, revision=form.whole_number("revision"))
        return visitor.go_to("/detectors", notice=_("'%(name)s' was deleted.") % {"name": detector.name})

    return done(visitor, id, form, change)


def done(visitor: Visitor, detector_id: str, form: Fields, act: Callable[[], Response]) -> Response:
    """Return what came of an act; where it was refused, the page again: what was entered stays, and what changed.

    Raises NotFound where the detector itself is gone.
    """
    try:
        return act()
    except PynomalyError as error:
        context = detector_context(visitor, detector_id)
        if isinstance(error, StaleWrite):
            context["changes"] = list(changes_since(form, context["detector"]))
        context["entered"].update({name: given[-1] for name, given in form.texts.items()})
        return visitor.again("detector.html", error, **context)


def changes_since(form: Fields, now: Detector) -> Iterator[str]:
    """Yield what is otherwise with a detector than it was on the page that a form was sent from."""
    if form.text("seen_name", most=1000) != now.name:
        yield _("It is called '%(name)s' now.") % {"name": now.name}
    if now.is_retired:
        yield _("It is retired.")
    if form.text("seen_version") != str(now.live_version or ""):
        yield _("Version %(number)s is live now.") % {"number": now.live_version}


def _back(visitor: Visitor, detector_id: str, notice: str) -> Response:
    return visitor.go_to(f"/detectors/{detector_id}", notice=notice)

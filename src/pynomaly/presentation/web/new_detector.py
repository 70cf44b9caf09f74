"""`/detectors/new`: first what is to be found, then an algorithm with its reasons, then a form or a document."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Depends
from starlette.responses import Response

from pynomaly.application.drafting import free_name
from pynomaly.application.ports.paging import Piece
from pynomaly.domain.access import Permission
from pynomaly.domain.algorithm import AlgorithmDescription, ParameterValue
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.errors import InvalidRequest, PynomalyError
from pynomaly.domain.job import Job, JobKind
from pynomaly.presentation.web.access import requires
from pynomaly.presentation.web.code_forms import ApiCall, CodeForm, code_form
from pynomaly.presentation.web.detector_draft import (
    DOCUMENT,
    MOST_CHARACTERS,
    PREFIX,
    Checked,
    Draft,
    as_document,
    checked,
    draft_of_document,
    draft_of_texts,
    texts_of,
)
from pynomaly.presentation.web.form_tokens import FIELD
from pynomaly.presentation.web.forms import Fields, Form
from pynomaly.presentation.web.proposals import INTENTS, Intent, Proposal, all_algorithms, intent_of, proposals
from pynomaly.presentation.web.routing import pages
from pynomaly.presentation.web.texts import _
from pynomaly.presentation.web.visitor import Visitor

routes = pages()
Reader = Annotated[Visitor, Depends(requires(Permission.READ))]
Writer = Annotated[Visitor, Depends(requires(Permission.WRITE_DETECTORS))]
MOST_DATASETS = 200
PAGE = "new_detector.html"


@routes.get("/detectors/new")
def show_new_detector(visitor: Reader) -> Response:
    """Show what can be found, what is proposed for it, and the detector as it stands in the address."""
    texts = dict(visitor.request.query_params)
    return visitor.page(PAGE, **_context(visitor, texts, draft_of_texts(texts)))


@routes.post("/detectors/new/shown")
def show_otherwise(visitor: Writer, form: Form) -> Response:
    """Show the fields as a document, or the document as fields; nothing is made."""
    texts = _texts(form)
    try:
        draft = _draft(form)
    except InvalidRequest as error:
        return _again(visitor, texts, error, document=form.raw(DOCUMENT, most=MOST_CHARACTERS))
    view = {name: texts.get(name, "") for name in ("intent", "dataset", "then")} | texts_of(draft)
    if not texts.get("expert"):
        view["expert"] = "1"
    return visitor.go_to(f"/detectors/new?{urlencode({name: text for name, text in view.items() if text})}")


@routes.post("/detectors")
def create_detector(visitor: Writer, form: Form) -> Response:
    """Make the detector and have it trained."""
    texts, typed = _texts(form), form.raw(DOCUMENT, most=MOST_CHARACTERS)
    try:
        draft = _draft(form)
        job = _create_and_train(visitor, draft, form)
    except PynomalyError as error:
        return _again(visitor, texts, error, document=typed)
    return visitor.go_to(
        f"/jobs/{job.id}", notice=_("'%(name)s' was made; it is being trained.") % {"name": draft.name}
    )


def _create_and_train(visitor: Visitor, draft: Draft, form: Fields) -> Job:
    """Return the job that trains. Raises whatever stands against it, before anything is made where that is known."""
    workspace = visitor.workspace
    dataset = workspace.queries.dataset(form.needed("dataset"))
    found = checked(draft, visitor.program.catalog.describe(draft.algorithm))
    if found.faults:
        raise InvalidRequest("; ".join(found.faults.values()))
    detector = workspace.create_detector(name=draft.name, algorithm=draft.algorithm, parameters=found.values)
    return workspace.submit_job(
        kind=JobKind.TRAIN,
        payload={"detector_id": detector.id, "dataset_id": dataset.id, "then_detect": form.is_set("then_detect")},
    )


def _texts(form: Fields) -> dict[str, str]:
    texts = {name: form.text(name, most=MOST_CHARACTERS) for name in form.texts if name != FIELD}
    return texts | {"then": "yes" if form.is_set("then_detect") else "no"}


def _draft(form: Fields) -> Draft:
    if form.is_set(DOCUMENT):
        return draft_of_document(form.raw(DOCUMENT, most=MOST_CHARACTERS))
    return draft_of_texts(_texts(form))


def _again(visitor: Visitor, texts: Mapping[str, str], error: PynomalyError, *, document: str) -> Response:
    draft = draft_of_texts(texts)
    if document:
        try:
            draft = draft_of_document(document)
        except InvalidRequest:
            draft = Draft("", texts.get("algorithm", ""))
    context = _context(visitor, texts, draft)
    return visitor.again(PAGE, error, **(context | ({"document": document} if document else {})))


def _context(visitor: Visitor, texts: Mapping[str, str], draft: Draft) -> dict[str, Any]:
    """Return what the page shows; without a dataset only what can be chosen."""
    intent, queries = intent_of(texts.get("intent", "")), visitor.workspace.queries
    datasets = queries.dataset_page(Piece(MOST_DATASETS)).items
    dataset = queries.dataset(texts["dataset"]) if texts.get("dataset") else None
    context: dict[str, Any] = {
        "intents": INTENTS,
        "intent": intent,
        "datasets": datasets,
        "dataset": dataset,
        "is_expert": bool(texts.get("expert")),
        "faults": {},
        "then_detect": texts["then"] == "yes" if "then" in texts else intent.then_detect,
    }
    return context if dataset is None else context | _of_dataset(visitor, intent, dataset, draft)


def _of_dataset(visitor: Visitor, intent: Intent, dataset: Dataset, draft: Draft) -> dict[str, Any]:
    catalog = visitor.program.catalog
    proposed, others = proposals(catalog, intent, dataset), all_algorithms(catalog, intent, dataset)
    draft = _filled_in(visitor, proposed, others, dataset, draft)
    description = catalog.describe(draft.algorithm)
    found = checked(draft, description)
    return {
        "proposed": proposed,
        "others": others,
        "draft": draft,
        "description": description,
        "availability": catalog.availability(description.name),
        "prefix": PREFIX,
        "faults": found.faults,
        "document": as_document(draft, description),
        "address": _address(intent, dataset),
        "forms": _forms(visitor, draft, found, description, dataset),
    }


def _filled_in(
    visitor: Visitor, proposed: Sequence[Proposal], others: Sequence[Proposal], dataset: Dataset, draft: Draft
) -> Draft:
    """Return a draft with the first proposal that can be taken, and a free name, where nothing was chosen yet."""
    chosen = next((one for one in (*proposed, *others) if one.description.name == draft.algorithm), None)
    if not draft.algorithm:
        chosen = next((one for one in proposed if not one.obstacle), proposed[0])
    parameters = draft.parameters
    if chosen is not None and not parameters and not draft.name:
        parameters = {name: str(value) for name, value in chosen.parameters.items()}
    taken = () if draft.name else [one.name for one in visitor.workspace.queries.detectors()]
    name = draft.name or free_name(dataset.name, taken)
    return Draft(name, draft.algorithm or (chosen.description.name if chosen else ""), parameters)


def _address(intent: Intent, dataset: Dataset) -> str:
    return f"/detectors/new?{urlencode({'intent': intent.word, 'dataset': dataset.id})}"


def _forms(
    visitor: Visitor, draft: Draft, found: Checked, description: AlgorithmDescription, dataset: Dataset
) -> list[CodeForm]:
    values: dict[str, ParameterValue] = dict(found.values)
    options = [word for name, value in values.items() for word in ("--param", f"{name}={_word(value)}")]
    body: dict[str, Any] = {"name": draft.name, "algorithm": description.name, "parameters": values}
    made = f"name={draft.name!r}, algorithm={description.name!r}, parameters={values!r}"
    return [
        code_form(
            visitor.request,
            _("Create the detector"),
            ApiCall("POST", "/detectors", body),
            ["detector", "create", draft.name, "--algorithm", description.name, *options],
            f"detector = workspace.create_detector({made})",
        ),
        code_form(
            visitor.request,
            _("Train it"),
            ApiCall("POST", f"/detectors/{quote(draft.name, safe='')}/train", {"dataset_id": dataset.id}),
            ["detector", "train", draft.name, dataset.id],
            f"workspace.train_detector(detector={draft.name!r}, dataset={dataset.id!r})",
        ),
    ]


def _word(value: ParameterValue) -> str:
    return "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

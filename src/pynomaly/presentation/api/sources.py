"""`/sources`: places outside that rows are read from, and pulling rows from them."""

from typing import Annotated

from fastapi import Depends, Path
from starlette.responses import Response

from pynomaly.domain.access import Permission
from pynomaly.domain.errors import (
    AlreadyExists,
    Conflict,
    DestinationRefused,
    ExtraNotInstalled,
    InvalidRequest,
    NotFound,
    RemoteRefused,
    RemoteUnavailable,
    SealBroken,
)
from pynomaly.domain.job import JobKind
from pynomaly.presentation.api.access import requires
from pynomaly.presentation.api.caller import Caller, KeyHeader
from pynomaly.presentation.api.job_replies import accepted
from pynomaly.presentation.api.replies import created, edited, gone, shown, unchanged
from pynomaly.presentation.api.revisions import IfMatch, IfNoneMatch, is_known, require_match
from pynomaly.presentation.api.routing import (
    CONDITIONAL,
    JOB_LINKS,
    KEYED,
    LISTED,
    WITH_BODY,
    answers,
    leads_to,
    router,
)
from pynomaly.presentation.api.schemas.jobs import JobAnswer
from pynomaly.presentation.api.schemas.pages import PageAnswer
from pynomaly.presentation.api.schemas.sources import (
    FoundAnswer,
    NewPull,
    NewSource,
    SourceAnswer,
    SourceChange,
    SourceKindAnswer,
    SourceKindsAnswer,
)
from pynomaly.presentation.http.bounds import Name
from pynomaly.presentation.http.cursors import DEFAULT_LIMIT, CursorParameter, LimitParameter
from pynomaly.presentation.http.slow_calls import waiting_for_others

routes = router("sources")
Reader = Annotated[Caller, Depends(requires(Permission.READ))]
Writer = Annotated[Caller, Depends(requires(Permission.WRITE_DATASETS))]
Keeper = Annotated[Caller, Depends(requires(Permission.MANAGE_SOURCES))]
SourcePath = Annotated[Name, Path(alias="id", description="A source's id or name.")]
_HERE = "/sources/{id}"
_SEALING = (SealBroken, Conflict, ExtraNotInstalled)


@routes.get("/source-kinds", operation_id="list_source_kinds", response_model=SourceKindsAnswer, responses=answers())
def list_source_kinds(caller: Reader) -> Response:
    """List the kinds of sources, with what each takes."""
    return shown(SourceKindsAnswer(items=[SourceKindAnswer.of(kind) for kind in caller.service.sources.kinds()]))


@routes.post(
    "/sources",
    operation_id="create_source",
    status_code=201,
    response_model=SourceAnswer,
    responses=answers(WITH_BODY, KEYED, AlreadyExists, InvalidRequest, *_SEALING)
    | {201: leads_to("get_source", "test_source", edits=("change_source", "delete_source"))},
)
def create_source(caller: Keeper, body: NewSource, key: KeyHeader = None) -> Response:
    """Name a place to read rows from; nothing is connected to yet."""
    return caller.answer(
        lambda workspace: workspace.create_source(
            name=body.name, kind=body.kind, settings=body.settings, secrets=body.secrets
        ),
        lambda made: created(SourceAnswer.of(made), f"/sources/{made.id}", made),
        key=key,
        content=body.known_by(),
    )


@routes.get("/sources", operation_id="list_sources", response_model=PageAnswer[SourceAnswer], responses=answers(LISTED))
def list_sources(caller: Reader, limit: LimitParameter = DEFAULT_LIMIT, cursor: CursorParameter = None) -> Response:
    """List sources, newest first."""
    cursors, scope = caller.service.cursors, ("sources", caller.principal.tenant_id)
    page = caller.workspace.queries.source_page(cursors.piece(limit, cursor, *scope))
    items = [SourceAnswer.of(source) for source in page.items]
    return shown(PageAnswer[SourceAnswer](items=items, next_cursor=cursors.next_cursor(page, *scope)))


@routes.get(
    _HERE,
    operation_id="get_source",
    response_model=SourceAnswer,
    responses=answers(NotFound, InvalidRequest) | {304: {"description": "It is as you have it."}},
)
def get_source(caller: Reader, source_id: SourcePath, if_none_match: IfNoneMatch = None) -> Response:
    """Describe a source, but for its secrets."""
    source = caller.workspace.queries.source(source_id)
    return unchanged(source) if is_known(source, if_none_match) else shown(SourceAnswer.of(source), source)


@routes.patch(
    _HERE,
    operation_id="change_source",
    response_model=SourceAnswer,
    responses=answers(WITH_BODY, KEYED, CONDITIONAL, NotFound, AlreadyExists, InvalidRequest, *_SEALING),
)
def change_source(
    caller: Keeper, source_id: SourcePath, body: SourceChange, if_match: IfMatch = None, key: KeyHeader = None
) -> Response:
    """Give a source another name, other settings or other secrets; secrets that are left out stay."""
    return caller.answer(
        lambda workspace: workspace.change_source(
            source=source_id,
            name=body.name,
            settings=body.settings,
            secrets=body.secrets,
            revision=require_match(workspace.queries.source(source_id), if_match),
        ),
        lambda changed: edited(SourceAnswer.of(changed), changed),
        key=key,
        content=body.known_by(),
    )


@routes.delete(
    _HERE,
    operation_id="delete_source",
    status_code=204,
    responses=answers(KEYED, CONDITIONAL, NotFound, InvalidRequest, *_SEALING),
)
def delete_source(caller: Keeper, source_id: SourcePath, if_match: IfMatch = None, key: KeyHeader = None) -> Response:
    """Forget a source and its secrets; datasets read from it stay, schedules that read it fail from now on."""
    return caller.answer(
        lambda workspace: workspace.remove_source(
            source=source_id, revision=require_match(workspace.queries.source(source_id), if_match)
        ),
        lambda _: gone(),
        key=key,
    )


@routes.post(
    _HERE + "/test",
    operation_id="test_source",
    response_model=FoundAnswer,
    responses=answers(NotFound, InvalidRequest, DestinationRefused, RemoteRefused, RemoteUnavailable, *_SEALING),
)
def reach_source(caller: Keeper, source_id: SourcePath) -> Response:
    """Connect as a source says and tell what is there, or the exact reason why not; within fifteen seconds."""
    with waiting_for_others():
        found = caller.workspace.check_source(source=source_id)
    return shown(FoundAnswer(found=found))


@routes.post(
    _HERE + "/pull",
    operation_id="pull_dataset",
    status_code=202,
    response_model=JobAnswer,
    responses=answers(WITH_BODY, KEYED, NotFound, AlreadyExists, InvalidRequest) | {202: JOB_LINKS},
)
def pull_dataset(caller: Writer, source_id: SourcePath, body: NewPull, key: KeyHeader = None) -> Response:
    """Read rows from a source into a dataset; a job does it."""
    payload = body.model_dump(mode="json", exclude_none=True, exclude={"priority"}) | {"source_id": source_id}
    return caller.answer(
        lambda workspace: workspace.submit_job(kind=JobKind.PULL, payload=payload, priority=body.priority),
        accepted,
        key=key,
        content=body.model_dump_json().encode(),
    )

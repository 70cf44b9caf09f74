"""`/datasets`: upload, look at, describe, forget."""

from functools import partial
from hashlib import file_digest
from pathlib import Path as FilePath
from typing import Annotated

import anyio
from fastapi import Depends, Path, Query, Request
from starlette.responses import Response

from pynomaly.application.choices import roles_for
from pynomaly.domain.access import Permission
from pynomaly.domain.columns import ColumnKind, ColumnRole
from pynomaly.domain.dataset import Dataset
from pynomaly.domain.errors import AlreadyExists, CorruptModel, InvalidRequest, NotFound, UnreadableFile
from pynomaly.presentation.api.access import requires
from pynomaly.presentation.api.caller import Caller, KeyHeader
from pynomaly.presentation.api.replies import created, edited, gone, shown, unchanged
from pynomaly.presentation.api.revisions import IfMatch, IfNoneMatch, is_known, require_match
from pynomaly.presentation.api.routing import CONDITIONAL, DATA, KEYED, LISTED, WITH_BODY, answers, leads_to, router
from pynomaly.presentation.api.schemas.datasets import (
    DatasetAnswer,
    DatasetChange,
    PreviewAnswer,
    UsesAnswer,
    cell,
    sound,
)
from pynomaly.presentation.api.schemas.pages import PageAnswer
from pynomaly.presentation.api.schemas.profiles import (
    ColumnProfileAnswer,
    ProfileAnswer,
    QualityAnswer,
    QualityFindingAnswer,
)
from pynomaly.presentation.http.bounds import BOUNDS, Choices, ColumnName, Name
from pynomaly.presentation.http.cursors import DEFAULT_LIMIT, CursorParameter, LimitParameter

routes = router("datasets")
Reader = Annotated[Caller, Depends(requires(Permission.READ))]
Writer = Annotated[Caller, Depends(requires(Permission.WRITE_DATASETS))]
DatasetPath = Annotated[Name, Path(alias="id", description="A dataset's id or name.")]
_HERE = "/datasets/{id}"
_UPLOAD_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        "description": "The file itself: CSV and relatives, Parquet, Arrow, JSON lines or Excel, also packed with gzip "
        f"or Zstandard; at most {BOUNDS.upload_bytes} bytes. Its content says what it is.",
    }
}
_LINKS = leads_to("get_dataset", "preview_dataset", "profile_dataset", edits=("change_dataset", "delete_dataset"))


@routes.post(
    "/datasets",
    operation_id="upload_dataset",
    status_code=201,
    response_model=DatasetAnswer,
    responses=answers(WITH_BODY, KEYED, DATA, AlreadyExists, UnreadableFile, InvalidRequest) | {201: _LINKS},
    openapi_extra=_UPLOAD_BODY,
)
async def upload_dataset(
    request: Request,
    caller: Writer,
    name: Annotated[Name, Query(description="What to call it.")],
    label: Annotated[ColumnName | None, Query(description="The column of known answers.")] = None,
    identifier: Annotated[ColumnName | None, Query(description="The column that names rows.")] = None,
    time: Annotated[ColumnName | None, Query(description="The column of times.")] = None,
    ignore: Annotated[Choices[ColumnName] | None, Query(description="Columns to leave out.")] = None,
    feature: Annotated[Choices[ColumnName] | None, Query(description="Columns to learn from in any case.")] = None,
    number: Annotated[Choices[ColumnName] | None, Query(description="Columns to read as numbers.")] = None,
    category: Annotated[Choices[ColumnName] | None, Query(description="Columns to read as categories.")] = None,
    key: KeyHeader = None,
) -> Response:
    """Upload a file as a dataset: its columns are understood, its rows kept.

    It is read in a process of its own with bounded memory, within ten seconds.
    """
    roles = roles_for(identifier=identifier, time=time, ignore=ignore or (), features=feature or (), label=label)
    kinds = dict.fromkeys(number or (), ColumnKind.NUMBER) | dict.fromkeys(category or (), ColumnKind.CATEGORY)
    async with caller.service.incoming.received(request) as file:
        return await anyio.to_thread.run_sync(partial(_register, caller, file, name, roles, kinds, key))


def _register(
    caller: Caller,
    file: FilePath,
    name: str,
    roles: dict[str, ColumnRole],
    kinds: dict[str, ColumnKind],
    key: str | None,
) -> Response:
    content = b""
    if key is not None:
        with file.open("rb") as stream:
            content = file_digest(stream, "sha256").digest() + repr((name, sorted(roles.items()), kinds)).encode()
    return caller.answer(
        lambda workspace: workspace.register_dataset(
            source=str(file), name=name, source_name=name, roles=roles, kinds=kinds
        ),
        lambda made: created(DatasetAnswer.of(*made), f"/datasets/{made[0].id}", made[0]),
        key=key,
        content=content,
    )


@routes.get(
    "/datasets", operation_id="list_datasets", response_model=PageAnswer[DatasetAnswer], responses=answers(LISTED)
)
def list_datasets(caller: Reader, limit: LimitParameter = DEFAULT_LIMIT, cursor: CursorParameter = None) -> Response:
    """List datasets, newest first."""
    cursors, scope = caller.service.cursors, ("datasets", caller.principal.tenant_id)
    page = caller.workspace.queries.dataset_page(cursors.piece(limit, cursor, *scope))
    items = [DatasetAnswer.of(dataset) for dataset in page.items]
    return shown(PageAnswer[DatasetAnswer](items=items, next_cursor=cursors.next_cursor(page, *scope)))


@routes.get(
    _HERE,
    operation_id="get_dataset",
    response_model=DatasetAnswer,
    responses=answers(NotFound, InvalidRequest) | {304: {"description": "It is as you have it."}},
)
def get_dataset(caller: Reader, dataset_id: DatasetPath, if_none_match: IfNoneMatch = None) -> Response:
    """Describe a dataset and its columns."""
    dataset = _found(caller, dataset_id)
    return unchanged(dataset) if is_known(dataset, if_none_match) else shown(DatasetAnswer.of(dataset), dataset)


@routes.patch(
    _HERE,
    operation_id="change_dataset",
    response_model=DatasetAnswer,
    responses=answers(WITH_BODY, KEYED, CONDITIONAL, DATA, NotFound, AlreadyExists, InvalidRequest, CorruptModel),
)
def change_dataset(
    caller: Writer, dataset_id: DatasetPath, body: DatasetChange, if_match: IfMatch = None, key: KeyHeader = None
) -> Response:
    """Rename a dataset, or use its columns otherwise."""
    return caller.answer(
        lambda workspace: workspace.change_dataset(
            dataset=dataset_id,
            name=body.name,
            roles=body.roles,
            revision=require_match(_found(caller, dataset_id), if_match),
        ),
        lambda changed: edited(DatasetAnswer.of(changed), changed),
        key=key,
        content=body.model_dump_json().encode(),
    )


@routes.delete(
    _HERE,
    operation_id="delete_dataset",
    status_code=204,
    responses=answers(KEYED, CONDITIONAL, NotFound, InvalidRequest),
)
def delete_dataset(
    caller: Writer, dataset_id: DatasetPath, if_match: IfMatch = None, key: KeyHeader = None
) -> Response:
    """Forget a dataset and its rows; detectors trained on it stay."""
    return caller.answer(
        lambda workspace: workspace.remove_dataset(
            dataset=dataset_id, revision=require_match(_found(caller, dataset_id), if_match)
        ),
        lambda _: gone(),
        key=key,
    )


@routes.get(
    _HERE + "/preview",
    operation_id="preview_dataset",
    response_model=PreviewAnswer,
    responses=answers(NotFound, InvalidRequest, CorruptModel),
)
def preview_dataset(caller: Reader, dataset_id: DatasetPath, limit: LimitParameter = DEFAULT_LIMIT) -> Response:
    """Show the first rows."""
    table = caller.workspace.queries.dataset_rows(dataset_id)
    rows = range(min(limit, table.n_rows))
    columns = [[cell(value) for value in table.cells(column.name, rows)] for column in table.columns]
    names = [sound(column.name) for column in table.columns]
    return shown(PreviewAnswer(columns=names, rows=[list(row) for row in zip(*columns, strict=True)]))


@routes.get(
    _HERE + "/profile",
    operation_id="profile_dataset",
    response_model=ProfileAnswer,
    responses=answers(NotFound, InvalidRequest, CorruptModel),
)
def profile_dataset(caller: Reader, dataset_id: DatasetPath) -> Response:
    """Say what each column holds: missing cells, distinct values, what is usual, how its values are spread."""
    table, profiles = caller.workspace.queries.profile(dataset_id)
    return shown(ProfileAnswer(n_rows=table.n_rows, columns=[ColumnProfileAnswer.of_profile(one) for one in profiles]))


@routes.get(
    _HERE + "/quality",
    operation_id="assess_dataset",
    response_model=QualityAnswer,
    responses=answers(NotFound, InvalidRequest, CorruptModel),
)
def assess_dataset(caller: Reader, dataset_id: DatasetPath) -> Response:
    """Say what to know about a dataset before looking for anomalies in it, and what it does to detection."""
    findings = [QualityFindingAnswer.of(one) for one in caller.workspace.queries.quality(dataset_id)]
    return shown(QualityAnswer(findings=findings))


@routes.get(
    _HERE + "/uses",
    operation_id="list_dataset_uses",
    response_model=UsesAnswer,
    responses=answers(NotFound, InvalidRequest),
)
def list_dataset_uses(caller: Reader, dataset_id: DatasetPath, limit: LimitParameter = DEFAULT_LIMIT) -> Response:
    """List the detectors that learned from a dataset and the detections of its rows, newest first."""
    return shown(UsesAnswer.of(caller.workspace.queries.dataset_uses(dataset_id, limit=limit)))


def _found(caller: Caller, dataset_id: str) -> Dataset:
    return caller.workspace.queries.dataset(dataset_id)

"""`/scores`: what a detector thinks of some rows, answered at once.

The lean road and the documented route are one: `LeanScores` leads requests here past the framework, with the same
checks and the same errors.
"""

import time
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import anyio
from fastapi import Depends, Query, Request
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pynomaly.application.choices import policy_for
from pynomaly.application.use_cases.score_rows import ScoredBatch, ScoreRows
from pynomaly.domain.access import Permission, Principal
from pynomaly.domain.decision import DecisionPolicy
from pynomaly.domain.errors import (
    InvalidRequest,
    PynomalyError,
    UnreadableFile,
)
from pynomaly.presentation.api.access import admitted, requires
from pynomaly.presentation.api.api_program import ApiProgram
from pynomaly.presentation.api.caller import Caller
from pynomaly.presentation.api.openapi import reference_to
from pynomaly.presentation.api.replies import JSON
from pynomaly.presentation.api.routing import USING_A_DETECTOR, WITH_BODY, answers, router
from pynomaly.presentation.api.schemas.scores import ListedRows, NamedRows, ScoresAnswer
from pynomaly.presentation.api.score_answers import about, json_answer
from pynomaly.presentation.api.score_bodies import ScoreBody
from pynomaly.presentation.api.strict_route import require_media_type
from pynomaly.presentation.http.body_cap import declared_length
from pynomaly.presentation.http.bounds import BOUNDS, Contamination, Name, Number, Share, VersionNumber
from pynomaly.presentation.http.problems import problem_response
from pynomaly.presentation.http.refusals import MalformedRequest, PayloadTooLarge, UnevenRows, UnsupportedMediaType
from pynomaly.presentation.http.route_names import PREFIX

routes = router("scores")
ARROW = "application/vnd.apache.arrow.stream"
PARQUET = "application/vnd.apache.parquet"
PATH = f"{PREFIX}/scores"
SHORT_SECONDS = 0.003  # what everybody else on the event loop may be kept waiting; a thread costs a tenth of that
LONG_BYTES = 512 * 1024  # parsing more than this would keep the others waiting by itself
MOST_PACES = 4096
_BINARY = {"schema": {"type": "string", "format": "binary"}}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What stands in the address; rows that are not JSON can say it nowhere else."""

    detector: str
    version: int | None
    policy: DecisionPolicy


@routes.post(
    "/scores",
    operation_id="score_rows",
    response_model=ScoresAnswer,
    responses=answers(
        WITH_BODY,
        USING_A_DETECTOR,
        UnreadableFile,
        UnevenRows,
    )
    | {200: {"content": {ARROW: _BINARY}}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": {"anyOf": [reference_to(ListedRows), reference_to(NamedRows)]}},
                ARROW: _BINARY,
                PARQUET: _BINARY,
            },
        }
    },
)
async def score_rows(
    request: Request,
    caller: Annotated[Caller, Depends(requires(Permission.SCORE))],
    detector: Annotated[Name | None, Query(description="Id or name; for Arrow and Parquet bodies.")] = None,
    version: Annotated[VersionNumber | None, Query(description="Another than the live one.")] = None,
    contamination: Annotated[Contamination | None, Query(description="How to decide: expected share.")] = None,
    budget: Annotated[int | None, Query(ge=0, le=BOUNDS.row_count.most, description="How to decide: rows.")] = None,
    false_alarms: Annotated[Share | None, Query(description="How to decide: accepted share of false ones.")] = None,
    threshold: Annotated[Share | None, Query(description="How to decide: probability.")] = None,
    score_threshold: Annotated[Number | None, Query(description="How to decide: least score.")] = None,
) -> Response:
    """Score rows that are sent along: up to 10 000 as JSON, up to 100 000 as an Arrow stream or Parquet file.

    JSON bodies name detector, version and policy themselves, so they come without a query. Nothing is stored. An Arrow
    answer is given where `Accept` asks for one.
    """
    policy = policy_for(
        contamination=contamination,
        budget=budget,
        false_alarms=false_alarms,
        threshold=threshold,
        score_threshold=score_threshold,
    )
    asked = None if detector is None else _Asked(detector, version, policy)
    return await _answer(request, caller.service, caller.principal, asked)


class _Pace:
    """How long bodies of a kind have taken: a short one is answered where it arrives, without a thread in between."""

    def __init__(self) -> None:
        self._seconds_per_byte: dict[tuple[str, str], float] = {}

    def is_short(self, who: tuple[str, str], n_bytes: int) -> bool:
        """Whether the next body will keep nobody waiting; the first of a kind may."""
        return n_bytes * self._seconds_per_byte.get(who, float("inf")) < SHORT_SECONDS

    def timed(self, who: tuple[str, str], n_bytes: int, work: "partial[Response]") -> Response:
        """Do the work and remember what it cost this thread; the most costly weighs most, and fades."""
        began = time.thread_time()
        response = work()
        pace = (time.thread_time() - began) / n_bytes
        if len(self._seconds_per_byte) > MOST_PACES:
            self._seconds_per_byte.clear()
        self._seconds_per_byte[who] = max(pace, 0.9 * self._seconds_per_byte.get(who, 0.0) + 0.1 * pace)
        return response


_PACE = _Pace()


@dataclass(frozen=True, slots=True)
class LeanScores:
    """Leads plain requests for scores past the framework: the same checks, the same errors, a fraction of the time."""

    app: ASGIApp
    service: ApiProgram

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST" or scope["query_string"]:
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            principal = await admitted(self.service, request)
            principal.require(Permission.SCORE)
            response = await _answer(request, self.service, principal, None)
        except PynomalyError as error:
            response = problem_response(error, scope["state"]["request_id"], scope["path"])
        except ClientDisconnect:
            return
        await response(scope, receive, send)


async def _answer(request: Request, service: ApiProgram, principal: Principal, asked: _Asked | None) -> Response:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    wants_arrow = ARROW in request.headers.get("accept", "")
    if media_type == JSON:
        require_media_type(request.headers["content-type"], JSON)
        if request.scope["query_string"]:
            raise InvalidRequest("a JSON body names detector, version and policy itself; leave the query out")
        body = await _body(request, BOUNDS.score_bytes)
        return await _json_answer(service, principal, body, wants_arrow=wants_arrow)
    if media_type in (ARROW, "application/vnd.apache.arrow.file"):
        body = await _body(request, BOUNDS.arrow_bytes)
        work = partial(_scored_arrow, service, principal, body, asked, wants_arrow)
    elif media_type == PARQUET:
        async with service.incoming.received(request) as file:
            unfold = partial(service.scoring.unfold, file)
            body = await anyio.to_thread.run_sync(unfold)
        work = partial(_scored_arrow, service, principal, body, asked, wants_arrow)
    else:
        raise UnsupportedMediaType(f"send {JSON}, {ARROW} or {PARQUET}")
    return await anyio.to_thread.run_sync(work)


async def _json_answer(service: ApiProgram, principal: Principal, body: bytes, *, wants_arrow: bool) -> Response:
    """Answer a JSON body: where it arrives if that is a matter of a millisecond or two, else in a thread."""
    if len(body) > LONG_BYTES:
        return await anyio.to_thread.run_sync(_scored_long, service, principal, body, wants_arrow)
    read = service.scoring.bodies.read(body)
    score_rows = service.scoring.score_rows_of(principal.tenant_id)
    options = read.options
    who = (principal.tenant_id, options.detector)
    work = partial(_scored_json, service, score_rows, read, wants_arrow)
    timed = partial(_PACE.timed, who, len(body), work)
    if _PACE.is_short(who, len(body)) and score_rows.is_warm(options.detector, options.version):
        return timed()
    return await anyio.to_thread.run_sync(timed)


async def _body(request: Request, limit: int) -> bytes:
    if declared_length(request.scope) > limit:
        raise PayloadTooLarge(f"a body of this kind has at most {limit} bytes")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise UnsupportedMediaType("compressed bodies are not taken here; send it as it is")
    chunks, n_bytes = [], 0
    try:
        async for chunk in request.stream():
            n_bytes += len(chunk)
            if n_bytes > limit:
                raise PayloadTooLarge(f"a body of this kind has at most {limit} bytes")
            chunks.append(chunk)
    except ClientDisconnect:
        raise MalformedRequest("the request ended before its body did") from None
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _scored_long(service: ApiProgram, principal: Principal, body: bytes, wants_arrow: bool) -> Response:
    read, score_rows = service.scoring.bodies.read(body), service.scoring.score_rows_of(principal.tenant_id)
    return _scored_json(service, score_rows, read, wants_arrow)


def _scored_json(service: ApiProgram, score_rows: ScoreRows, read: ScoreBody, wants_arrow: bool) -> Response:
    options = read.options
    batch = score_rows(detector=options.detector, rows=read.rows, version=options.version, policy=options.policy)
    return _written(service, batch, wants_arrow=wants_arrow)


def _scored_arrow(
    service: ApiProgram, principal: Principal, body: bytes, asked: _Asked | None, wants_arrow: bool
) -> Response:
    if asked is None:
        raise InvalidRequest("say which detector scores: add ?detector=NAME to the address")
    rows = service.scoring.reader.of_arrow(body)
    batch = service.scoring.score_rows_of(principal.tenant_id)(
        detector=asked.detector, rows=rows, version=asked.version, policy=asked.policy
    )
    return _written(service, batch, wants_arrow=wants_arrow)


def _written(service: ApiProgram, batch: ScoredBatch, *, wants_arrow: bool) -> Response:
    if wants_arrow:
        return Response(service.scoring.as_arrow(batch.rows, about(batch)), media_type=ARROW)
    return Response(json_answer(batch), media_type=JSON)

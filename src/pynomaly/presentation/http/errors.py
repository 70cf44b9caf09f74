"""THE TABLE of errors: which HTTP status each becomes, under which name, and what a client is to do about it.

docs/reference/problems.md is written from it. The most specific class of an error decides.
"""

from dataclasses import dataclass

from pynomaly.domain import errors as domain
from pynomaly.presentation.http import refusals as http

BODY_AS_DOCUMENTED = "Send a body as the OpenAPI document describes it; `errors` says where it differs."
ASK_AGAIN = "Send the same request again after the seconds in `Retry-After`."
OTHER_ROWS = "Change the rows, or the columns they are told apart by, and send them again."


@dataclass(frozen=True, slots=True)
class Row:
    """What becomes of one class of errors.

    slug: its name for programs, which never changes.  remedy: for the reader of the docs.
    retry_after_seconds: sent as Retry-After unless the error knows better.
    tells_why: whether the error's own message may leave the server; messages of broken parts name paths and hosts.
    """

    kind: type[domain.PynomalyError]
    status: int
    slug: str
    remedy: str
    retry_after_seconds: int | None = None
    tells_why: bool = True

    @property
    def title(self) -> str:
        """The slug in words."""
        return self.slug.replace("-", " ").capitalize()

    @property
    def meaning(self) -> str:
        """The default message of the class."""
        return str(self.kind())


UNEXPECTED = Row(
    domain.PynomalyError,
    500,
    "unexpected",
    "Nothing you can mend: tell the operator the `request_id`; the server's log has the reason under it.",
    tells_why=False,
)

TABLE: tuple[Row, ...] = (
    Row(http.MalformedRequest, 400, "malformed-request", BODY_AS_DOCUMENTED),
    Row(
        http.UnknownHost,
        400,
        "unknown-host",
        "Call the server by a name it knows, or have the operator add this one to `allowed_hosts`.",
    ),
    Row(
        domain.NotSignedIn,
        401,
        "not-signed-in",
        "Sign in, or renew the access token, and send it as `Authorization: Bearer …`; or send an API key.",
    ),
    Row(
        domain.Forbidden,
        403,
        "forbidden",
        "Ask an admin of the workspace for a role, or a key, with the permission that `detail` names.",
    ),
    Row(
        domain.NotFound,
        404,
        "not-found",
        "Check the address and the ids in it; what belongs to another workspace is not found either.",
    ),
    Row(http.MethodNotAllowed, 405, "method-not-allowed", "Use one of the methods in `Allow`."),
    Row(
        http.NotAcceptable,
        406,
        "not-acceptable",
        "Accept a media type the OpenAPI document lists for this address, or `*/*`.",
    ),
    Row(
        http.RequestTimeout,
        408,
        "request-timeout",
        "Send the request again over a faster connection, or in smaller pieces.",
    ),
    Row(domain.Conflict, 409, "conflict", "Read the object, see what state it is in, and do what `detail` says."),
    Row(domain.AlreadyExists, 409, "already-exists", "Choose another name."),
    Row(domain.NotTrained, 409, "not-trained", "Train the detector first."),
    Row(domain.NotStorable, 409, "not-storable", "Choose an algorithm that the list of algorithms shows as storable."),
    Row(
        domain.TransductiveDetector, 409, "transductive-detector", "Choose an inductive algorithm to score other rows."
    ),
    Row(domain.StaleWrite, 409, "stale-write", "Read the object again and repeat the change on what it is now."),
    Row(domain.StillRunning, 409, "still-running", ASK_AGAIN, retry_after_seconds=1),
    Row(
        domain.LeaseLost,
        409,
        "lease-lost",
        "Nothing was stored. Send the request again with the same Idempotency-Key to get the other's answer.",
    ),
    Row(
        domain.SealBroken,
        409,
        "seal-broken",
        "Set the secret anew, or have the operator add the master key that is missing.",
    ),
    Row(
        domain.ExtraNotInstalled,
        409,
        "extra-not-installed",
        "Have the operator install the extra that `detail` names, or choose something that needs none.",
    ),
    Row(
        domain.CorruptModel,
        409,
        "corrupt-model",
        "Train the detector again, or run the detection again; have the operator look at the disk.",
        tells_why=False,
    ),
    Row(
        http.PreconditionFailed,
        412,
        "precondition-failed",
        "Read the object again and send its new `ETag` in `If-Match`.",
    ),
    Row(
        http.PayloadTooLarge,
        413,
        "payload-too-large",
        "Send less at once; large tables are uploaded as datasets and scored by a job.",
    ),
    Row(http.TargetTooLong, 414, "target-too-long", "Shorten the query."),
    Row(
        http.UnsupportedMediaType,
        415,
        "unsupported-media-type",
        "Send the Content-Type that the OpenAPI document lists, uncompressed and in UTF-8.",
    ),
    Row(
        http.InvalidValues,
        422,
        "invalid-values",
        "Mend what `errors` lists: each has the part of the request, a JSON pointer into it, and a reason.",
    ),
    Row(
        http.UnevenRows,
        422,
        "uneven-rows",
        "Send in every row a cell for each of `columns`, or under each key of the first row: null where none is known.",
    ),
    Row(
        http.UnknownParameter,
        422,
        "unknown-parameter",
        "Use each query parameter that the OpenAPI document lists at most once.",
    ),
    Row(
        http.UnknownCursor,
        422,
        "unknown-cursor",
        "Start the list anew without a cursor; one belongs to one list, with its filters, of one workspace.",
    ),
    Row(
        http.IdempotencyKeyReused,
        422,
        "idempotency-key-reused",
        "Make a new Idempotency-Key for each new request; repeat one only with the very same body.",
    ),
    Row(domain.InvalidRequest, 422, "invalid-request", "Change the request as `detail` says."),
    Row(domain.UnknownAlgorithm, 422, "unknown-algorithm", "Take a name from the list of algorithms."),
    Row(
        domain.InvalidParameter,
        422,
        "invalid-parameter",
        "Look up the parameter's type and range in the list of algorithms.",
    ),
    Row(
        domain.PolicyNotAvailable,
        422,
        "policy-not-available",
        "Choose another decision policy, or train with what this one needs, such as labels.",
    ),
    Row(
        domain.DestinationRefused,
        422,
        "destination-refused",
        "Name another place, or have the operator allow this one in `PYNOMALY_OUTBOUND_ALLOW`.",
    ),
    Row(domain.InvalidData, 422, "invalid-data", OTHER_ROWS),
    Row(
        domain.UnreadableFile,
        422,
        "unreadable-file",
        "Check that the file is whole and is what its name says; save it again, as Parquet or plain CSV.",
    ),
    Row(domain.EmptyDataset, 422, "empty-dataset", OTHER_ROWS),
    Row(domain.TooFewRows, 422, "too-few-rows", "Add rows."),
    Row(
        domain.ColumnMismatch,
        422,
        "column-mismatch",
        "Send the columns the detector was trained on, with the kinds of values they had.",
    ),
    Row(
        domain.InvalidLabels,
        422,
        "invalid-labels",
        "Give the label column two values, one of them for anomalies, and one in every row.",
    ),
    Row(
        domain.NonFiniteScores,
        422,
        "non-finite-scores",
        "Look for columns of enormous or constant values, or choose another algorithm.",
    ),
    Row(
        domain.RemoteRefused,
        424,
        "remote-refused",
        "Change the connection as `detail` says: what it leads to answered, and said no.",
    ),
    Row(
        domain.RemoteUnavailable,
        424,
        "remote-unavailable",
        "See that what the connection leads to is running and can be reached from here, then try again.",
    ),
    Row(http.PreconditionRequired, 428, "precondition-required", "Read the object and send its `ETag` in `If-Match`."),
    Row(domain.TooManyRequests, 429, "too-many-requests", ASK_AGAIN, retry_after_seconds=1),
    Row(http.HeadersTooLarge, 431, "headers-too-large", "Send fewer and shorter headers; cookies are not needed."),
    UNEXPECTED,
    Row(domain.Unavailable, 503, "unavailable", ASK_AGAIN, retry_after_seconds=5, tells_why=False),
    Row(
        domain.StorageFull,
        507,
        "storage-full",
        "Nothing was stored. Have the operator make room, then send the request again.",
        tells_why=False,
    ),
)

_BY_KIND = {row.kind: row for row in TABLE}


def row_of(kind: type[BaseException]) -> Row:
    """Return the row of a class of errors: its own, or that of its nearest ancestor; unexpected where there is none."""
    return next((_BY_KIND[one] for one in kind.__mro__ if one in _BY_KIND), UNEXPECTED)


def row_named(kind: str) -> Row:
    """Return the row of a class of errors by the class's name; unexpected where there is none."""
    return next((row for row in TABLE if row.kind.__name__ == kind), UNEXPECTED)

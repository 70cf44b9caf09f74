"""What went wrong with an object store, in our words: its code and message, or how the connection ended."""

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import urllib3
from minio.error import InvalidResponseError, MinioException, S3Error, ServerError

from pynomaly.application.redaction import redacted
from pynomaly.domain.errors import EmptyDataset, InvalidRequest, PynomalyError, RemoteRefused, RemoteUnavailable
from pynomaly.infrastructure.sources.surroundings import Exchange, is_over

_AGAIN_LATER = frozenset(("SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "OperationAborted"))
_CHANGED = "PreconditionFailed"
_NO_SUCH_RANGE = "InvalidRange"
_AGAIN_STATUSES = (408, 425, 429)


@contextmanager
def in_our_words(host: str, secrets: Sequence[str], exchange: Exchange) -> Iterator[None]:
    """Translate what the client raises. Raises RemoteRefused, RemoteUnavailable, InvalidRequest, EmptyDataset."""
    try:
        yield
    except S3Error as error:
        raise _answered(error, host, secrets) from None
    except (InvalidResponseError, ServerError) as error:
        raise _no_answer_of_a_store(error, host) from None
    except urllib3.exceptions.HTTPError as error:
        if is_over(exchange):
            raise RemoteUnavailable(f"{host} did not answer in the time there is for it") from None
        raise _cut(error, host, secrets) from None
    except (SyntaxError, UnicodeDecodeError):  # of XML
        raise RemoteRefused(f"{host} answers with something that is no XML; is it an object store?") from None
    except (MinioException, ValueError) as error:  # what it says of names before anything is sent
        raise InvalidRequest(redacted(str(error), secrets)) from None


def _answered(error: S3Error, host: str, secrets: Sequence[str]) -> PynomalyError:
    code, message = redacted(str(error.code), secrets), redacted(str(error.message or ""), secrets)
    if error.code == _CHANGED:
        return RemoteUnavailable("the object was changed while it was read; read it again")
    if error.code == _NO_SUCH_RANGE:
        return EmptyDataset("the object is empty (0 bytes); was it written completely?")
    status = int(error.response.status)
    is_passing = error.code in _AGAIN_LATER or status in _AGAIN_STATUSES or status >= 500
    kind = RemoteUnavailable if is_passing else RemoteRefused
    return kind(f"{host} refuses ({status} {code}): {message}")


def _no_answer_of_a_store(error: InvalidResponseError | ServerError, host: str) -> PynomalyError:
    status = int(error.status_code if isinstance(error, ServerError) else error._code)
    if status >= 500 or status in _AGAIN_STATUSES:
        return RemoteUnavailable(f"{host} answers with status {status}")
    return RemoteRefused(f"{host} answers with status {status} and not as an object store does; is the endpoint right?")


def _cut(error: urllib3.exceptions.HTTPError, host: str, secrets: Sequence[str]) -> PynomalyError:
    reason = error.args[-1] if error.args else error
    if isinstance(reason, ssl.SSLCertVerificationError):
        return RemoteRefused(f"{host} is not trusted: {redacted(reason.verify_message, secrets)}")
    return RemoteUnavailable(f"{host} gave no whole answer: {redacted(_short(reason), secrets)}")


def _short(reason: object) -> str:
    """Return the innermost words of an error that holds others."""
    while isinstance(reason, Exception) and reason.args and isinstance(reason.args[-1], Exception):
        reason = reason.args[-1]
    return getattr(reason, "strerror", None) or str(reason) or type(reason).__name__

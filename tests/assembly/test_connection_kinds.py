"""What holds for every kind of channel and source: no edit takes a secret somewhere else."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from pynomaly.assembly.channels import notifier_catalog
from pynomaly.assembly.sources import source_catalog
from pynomaly.domain.connection import ConnectionKind, Field, FieldType
from pynomaly.domain.errors import InvalidRequest
from pynomaly.domain.filled_fields import refilled
from pynomaly.infrastructure.settings import Settings

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMES_OF_PLACES = {"url", "host", "port", "path", "endpoint", "region", "address", "server", "proxy", "scheme"}
NAMES_OF_PLACES |= {"security", "sslmode", "is_encrypted", "is_path_style", "bucket", "account", "tls", "verify"}


def _kinds(folder) -> list[ConnectionKind]:
    settings = Settings(folder, None, {})
    channels, sources = notifier_catalog(settings, lambda: NOON).kinds(), source_catalog(settings).kinds()
    return [*channels, *(kind.connection for kind in sources)]


@pytest.fixture(params=range(6))
def kind(request, tmp_path) -> ConnectionKind:
    return _kinds(tmp_path)[request.param]


def test_the_kinds_are_all_here(tmp_path) -> None:
    assert [kind.name for kind in _kinds(tmp_path)] == ["slack", "webhook", "email", "postgresql", "s3", "sqlite"]


def _values(field: Field) -> tuple[object, object]:
    """Return two different things that a field takes."""
    match field.type:
        case FieldType.NUMBER:
            return field.least, field.least + 1
        case FieldType.FLAG:
            return True, False
        case FieldType.CHOICE:
            return field.choices[0], field.choices[1]
    return "one", "other"


def _full(kind: ConnectionKind):
    """Return a connection with something in every field."""
    secret = tuple(field.name for field in kind.fields if field.is_secret)
    settings = {field.name: _values(field)[0] for field in kind.fields if not field.is_secret}
    return SimpleNamespace(noun="connection", id="c", name="c", kind=kind.name, settings=settings, secret_names=secret)


def test_a_kind_says_which_of_its_fields_are_places(kind) -> None:
    assert any(field.is_place for field in kind.fields)
    assert {field.name for field in kind.fields if not field.is_place} & NAMES_OF_PLACES == set()


def test_secrets_are_text(kind) -> None:
    assert {field.type for field in kind.fields if field.is_secret} <= {FieldType.TEXT}


def test_no_place_changes_while_a_secret_is_not_given_anew(kind) -> None:
    before = _full(kind)
    for place in (field for field in kind.fields if field.is_place):
        change = {place.name: _values(place)[1]}
        settings, secrets = ({}, change) if place.is_secret else (change, {})
        others = [name for name in before.secret_names if name not in secrets]
        anew = dict.fromkeys(others, "new")
        for left_out in others:
            partly = {name: text for name, text in anew.items() if name != left_out}
            with pytest.raises(InvalidRequest, match=f"'{place.name}' says where .* give '{left_out}' anew"):
                refilled(kind, before, settings, secrets | partly)
        after = refilled(kind, before, settings, secrets | anew)
        assert {**after.settings, **after.secrets}[place.name] == change[place.name]


def test_what_is_no_place_changes_while_secrets_stay(kind) -> None:
    before = _full(kind)
    for field in kind.fields:
        if not (field.is_place or field.is_secret):
            after = refilled(kind, before, {field.name: _values(field)[1]}, {})
            assert (after.secrets, after.secret_names) == ({}, before.secret_names)

import pytest

from pynomaly.domain.errors import ExtraNotInstalled, InvalidRequest
from pynomaly.infrastructure.sources.catalog import ROWS, SourceRow, Sources
from pynomaly.infrastructure.sources.kinds import POSTGRESQL
from tests.infrastructure.sources.catalogs import BOUNDS, catalog


def test_every_kind_is_there_under_its_name(tmp_path) -> None:
    kinds = catalog(tmp_path).kinds()
    assert [kind.connection.name for kind in kinds] == ["postgresql", "s3", "sqlite"]
    assert [catalog(tmp_path).kind(kind.connection.name) for kind in kinds] == list(kinds)


def test_an_unknown_kind_is_refused_with_the_closest_name(tmp_path) -> None:
    with pytest.raises(InvalidRequest, match=r"postgresql, s3, sqlite, not 'postgres'; did you mean 'postgresql'\?"):
        catalog(tmp_path).kind("postgres")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_field_says_what_it_is_for_and_secrets_are_named(row: SourceRow) -> None:
    for field in (*row.kind.connection.fields, *row.kind.selection):
        assert field.summary
        assert field.is_secret == (field.name in ("password", "secret_key", "session_token"))


def test_what_is_missing_is_named_before_anything_is_opened(tmp_path) -> None:
    with pytest.raises(InvalidRequest, match="postgresql needs 'host': name or address of the server"):
        catalog(tmp_path).open("postgresql", {}, BOUNDS)


def test_a_kind_whose_packages_are_missing_names_their_group(tmp_path) -> None:
    row = SourceRow(POSTGRESQL, "no_such_package:open", extra="postgres")
    around = catalog(tmp_path).around  # type: ignore[attr-defined]
    values = {"host": "h", "database": "d", "user": "u"}
    with pytest.raises(ExtraNotInstalled, match=r"need: pip install 'pynomaly-platform\[postgres\]'"):
        Sources(around, (row,)).open("postgresql", values, BOUNDS)


def test_a_secret_does_not_show_in_what_is_opened(tmp_path) -> None:
    sources = catalog(tmp_path)
    given = {"host": "h", "database": "d", "user": "u", "password": "hush-hush"}
    store = {"endpoint": "https://s.example", "bucket": "b", "access_key": "a", "secret_key": "hush-hush"}
    for kind, values in (("postgresql", given), ("s3", {**store, "session_token": "hush-hush"})):
        assert "hush-hush" not in repr(sources.open(kind, values, BOUNDS))

from dataclasses import replace

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.secrets import SecretOwner
from pynomaly.application.use_cases.keep_source import ChangeSource, CreateSource, RemoveSource
from pynomaly.domain.errors import AlreadyExists, InvalidRequest, NotFound, StaleWrite
from pynomaly.infrastructure.encryption.master_keys import MasterKeys
from tests.application.use_cases.told import events_of
from tests.fakes.sources import PASSWORD, SHOP, FakeSources

SETTINGS = SHOP | {"port": 5432}


@pytest.fixture
def sealed(transactions):
    keys = MasterKeys.read([MasterKeys.new()], origin="here")
    return replace(transactions, sealer=lambda: keys)


@pytest.fixture
def create(sealed):
    return CreateSource(sealed.begin, Asked("local", "user:ada"), FakeSources(), sealed.clock, sealed.new_id)


@pytest.fixture
def shop(create):
    return create(name="shop", kind="postgresql", settings=SHOP, secrets={"password": PASSWORD})


@pytest.fixture
def change(sealed):
    return ChangeSource(sealed.begin, FakeSources())


def _password(sealed, source):
    with sealed.begin_reading() as work:
        return work.secrets.reveal(SecretOwner("source", source.id), "password")


def test_a_source_keeps_its_settings_and_seals_its_secrets(sealed, shop) -> None:
    with sealed.begin_reading() as work:
        assert work.sources.get("shop") == shop
    assert (shop.settings, shop.secret_names, shop.created_by) == (SETTINGS, ("password",), "user:ada")
    assert _password(sealed, shop) == PASSWORD
    assert events_of(sealed) == [("SourceCreated", {"source_id": shop.id, "kind": "postgresql"})]


@pytest.mark.parametrize(
    ("change", "error", "reason"),
    [
        ({"kind": "postgres"}, InvalidRequest, "did you mean 'postgresql'"),
        ({"settings": SHOP | {"port": 0}}, InvalidRequest, "from 1 to 65535"),
        ({"settings": SHOP | {"password": PASSWORD}}, InvalidRequest, "among the secrets"),
        ({"secrets": {}}, InvalidRequest, "needs 'password'"),
        ({"secrets": {"password": ""}}, InvalidRequest, "'password' is one line"),
        ({"name": ""}, InvalidRequest, "1 to 200"),
    ],
)
def test_what_cannot_be_a_source_is_not_stored(sealed, create, change, error, reason) -> None:
    question = {"name": "shop", "kind": "postgresql", "settings": SHOP, "secrets": {"password": PASSWORD}}
    with pytest.raises(error, match=reason):
        create(**question | change)
    with sealed.begin_reading() as work:
        assert work.sources.all() == []
    assert events_of(sealed) == []


def test_a_name_is_taken_once(create, shop) -> None:
    with pytest.raises(AlreadyExists, match="'shop' already"):
        create(name="shop", kind="sqlite", settings={"path": "a.db"}, secrets={})


def test_a_source_without_secrets_needs_no_key(transactions) -> None:
    create = CreateSource(
        transactions.begin, Asked("local", "a"), FakeSources(), transactions.clock, transactions.new_id
    )
    made = create(name="ledger", kind="sqlite", settings={"path": "a.db"}, secrets={})
    changed = ChangeSource(transactions.begin, FakeSources())(source="ledger", settings={"path": "b.db"})
    assert changed == replace(made, settings={"path": "b.db"}, revision=1)
    RemoveSource(transactions.begin)(source="ledger")


def test_a_new_name_leaves_secrets_where_they_are(sealed, shop, change) -> None:
    changed = change(source="shop", name="store", revision=0)
    assert changed == replace(shop, name="store", revision=1)
    assert _password(sealed, shop) == PASSWORD
    assert events_of(sealed)[-1] == ("SourceChanged", {"source_id": shop.id})


def test_a_secret_is_replaced_without_the_old_one(sealed, shop, change) -> None:
    changed = change(source="shop", secrets={"password": "another"})
    assert (changed.settings, changed.secret_names) == (shop.settings, ("password",))
    assert _password(sealed, shop) == "another"


def test_a_secret_goes_nowhere_but_where_it_was_given_for(sealed, shop, change) -> None:
    """Or whoever may change a source could have its password sent to a server of their own."""
    with pytest.raises(InvalidRequest, match="give 'password' anew"):
        change(source="shop", settings={"host": "db.attacker.example"})
    assert change(source="shop", settings={"is_slow": True}).secret_names == ("password",)  # no place
    moved = change(source="shop", settings={"host": "db2.example.org"}, secrets={"password": "for db2"})
    assert moved.settings == SETTINGS | {"host": "db2.example.org", "is_slow": True}
    assert _password(sealed, shop) == "for db2"
    assert change(source="shop", settings={"host": "db2.example.org"}).settings == moved.settings  # nothing new


def test_a_setting_can_be_taken_away_where_the_kind_can_do_without(shop, change) -> None:
    assert change(source="shop", settings={"is_slow": True}).settings == SETTINGS | {"is_slow": True}
    assert change(source="shop", settings={"is_slow": None, "port": None}).settings == SETTINGS
    with pytest.raises(InvalidRequest, match="needs 'host'"):
        change(source="shop", settings={"host": None}, secrets={"password": PASSWORD})


def test_whoever_saw_an_older_source_changes_and_removes_nothing(sealed, shop, change) -> None:
    change(source="shop", name="store")
    for act in (change, RemoveSource(sealed.begin)):
        with pytest.raises(StaleWrite):
            act(source=shop.id, revision=0)


def test_a_removed_source_leaves_no_secret_behind(sealed, shop) -> None:
    assert RemoveSource(sealed.begin)(source="shop", revision=0) == shop
    assert _password(sealed, shop) is None
    assert events_of(sealed)[-1] == ("SourceRemoved", {"source_id": shop.id})
    with pytest.raises(NotFound, match="no source 'shop'"):
        RemoveSource(sealed.begin)(source="shop")

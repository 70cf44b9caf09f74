from dataclasses import replace

import pytest

from pynomaly.application.connection_secrets import owner_of
from pynomaly.application.ports.asking import Asked
from pynomaly.application.use_cases.keep_source import CreateSource
from pynomaly.application.use_cases.open_source import CheckSource, OpenSource
from pynomaly.domain.errors import NotFound, RemoteRefused, SealBroken
from pynomaly.infrastructure.encryption.master_keys import MasterKeys
from tests.fakes.sources import PASSWORD, SHOP, FakeSources


@pytest.fixture
def sealed(transactions):
    keys = MasterKeys.read([MasterKeys.new()], origin="here")
    return replace(transactions, sealer=lambda: keys)


@pytest.fixture
def shop(sealed):
    create = CreateSource(sealed.begin, Asked("local", "user:ada"), FakeSources(), sealed.clock, sealed.new_id)
    return create(name="shop", kind="postgresql", settings=SHOP, secrets={"password": PASSWORD})


@pytest.fixture
def open_source(sealed):
    return OpenSource(sealed.begin_reading)


def test_an_opened_source_has_everything_and_shows_no_secret(open_source, shop) -> None:
    opened = open_source(source="shop")
    assert opened.values == dict(shop.settings) | {"password": PASSWORD}
    assert (opened.id, opened.name, opened.kind) == (shop.id, "shop", "postgresql")
    assert PASSWORD not in repr(opened)


def test_a_source_that_is_gone_or_whose_secret_cannot_be_opened_is_not_opened(sealed, open_source, shop) -> None:
    with pytest.raises(NotFound, match="did you mean 'shop'"):
        open_source(source="shpo")
    others = MasterKeys.read([MasterKeys.new()], origin="elsewhere")
    with pytest.raises(SealBroken):
        OpenSource(replace(sealed, sealer=lambda: others).begin_reading)(source="shop")
    with sealed.begin() as work:
        work.secrets.forget(owner_of(shop))
        work.commit()
    with pytest.raises(SealBroken, match="'password' of source 'shop' is gone; set it anew"):
        open_source(source="shop")


def test_a_check_tells_what_was_found_or_exactly_why_not_but_no_secret(sealed, shop) -> None:
    asked = []

    def reach(opened):
        asked.append(opened.values["password"])
        if len(asked) > 1:
            raise RemoteRefused(f"FATAL: password {opened.values['password']!r} is wrong")
        return f"PostgreSQL 15 for {opened.values['password']}"

    check = CheckSource(sealed.begin_reading, reach)
    assert check(source="shop") == "PostgreSQL 15 for (hidden)"
    with pytest.raises(RemoteRefused, match=r"^FATAL: password '\(hidden\)' is wrong$"):
        check(source="shop")
    assert asked == [PASSWORD, PASSWORD]

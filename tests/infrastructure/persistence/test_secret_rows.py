"""Secrets: shown to nobody, open in their place alone, readable all through a change of keys."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from pynomaly.application.ports.secrets import SecretOwner
from pynomaly.domain.errors import SealBroken
from pynomaly.infrastructure.encryption.master_keys import MasterKeys
from pynomaly.infrastructure.persistence.secret_tables import data_keys, secrets
from tests.at_once import at_once

OLD, NEW = MasterKeys.new(), MasterKeys.new()
CHANNEL, OTHER = SecretOwner("channel", "c1"), SecretOwner("channel", "c2")
URL = "https://hooks.example/services/T0/B0/planted"


def _with_keys(transactions, *texts):
    keys = MasterKeys.read(texts, origin="here")
    return replace(transactions, sealer=lambda: keys)


@pytest.fixture
def sealed(transactions):
    return _with_keys(transactions, OLD)


def _put(opened, owner=CHANNEL, field="url", text=URL):
    with opened.begin() as work:
        work.secrets.put(owner, field, text)
        work.commit()


def _revealed(opened, owner=CHANNEL, field="url"):
    with opened.begin_reading() as work:
        return work.secrets.reveal(owner, field)


def _stored(transactions, table):
    with transactions.database.engine().connect() as connection:
        return [row._asdict() for row in connection.execute(select(table).order_by(table.c.position))]


@pytest.mark.parametrize("text", [URL, "", "ümlaut ☂ \0", "\ud800", "x" * 10_000])
def test_a_secret_is_kept_and_revealed_to_whoever_uses_it(sealed, text) -> None:
    _put(sealed, text=text)
    assert _revealed(sealed) == text


def test_nothing_that_is_stored_shows_it(sealed, transactions) -> None:
    _put(sealed)
    stored = repr(_stored(transactions, secrets)) + repr(_stored(transactions, data_keys))
    assert "planted" not in stored
    assert OLD not in stored


def test_another_secret_takes_its_place_and_forgetting_leaves_nothing(sealed, transactions) -> None:
    _put(sealed)
    _put(sealed, text="another")
    _put(sealed, field="secret")
    _put(sealed, owner=OTHER)
    assert _revealed(sealed) == "another"
    with sealed.begin() as work:
        assert work.secrets.fields(CHANNEL) == {"url", "secret"}
        work.secrets.forget(CHANNEL)
        work.commit()
    assert [_revealed(sealed), _revealed(sealed, field="secret"), _revealed(sealed, OTHER)] == [None, None, URL]


def test_each_workspace_has_its_own(sealed, elsewhere, transactions) -> None:
    there = replace(elsewhere, sealer=sealed.sealer)
    _put(sealed)
    assert _revealed(there) is None
    _put(there, text="theirs")
    assert (_revealed(sealed), _revealed(there)) == (URL, "theirs")
    assert len({row["id"] for row in _stored(transactions, data_keys)}) == 2


@pytest.mark.parametrize("moved", [{"owner_id": "c2"}, {"owner_kind": "source"}, {"field": "secret"}])
def test_a_ciphertext_that_was_moved_to_another_row_does_not_open(sealed, transactions, moved) -> None:
    _put(sealed)
    with transactions.database.engine().begin() as connection:
        connection.execute(update(secrets).values(moved))
    owner = SecretOwner(moved.get("owner_kind", "channel"), moved.get("owner_id", "c1"))
    with pytest.raises(SealBroken, match="altered, moved"):
        _revealed(sealed, owner, moved.get("field", "url"))


def test_a_ciphertext_that_was_moved_to_another_workspace_does_not_open(sealed, elsewhere, transactions) -> None:
    _put(sealed)
    with transactions.database.engine().begin() as connection:
        for table in (secrets, data_keys):
            connection.execute(update(table).values(tenant_id="elsewhere"))
    with pytest.raises(SealBroken):
        _revealed(replace(elsewhere, sealer=sealed.sealer))


def test_after_a_change_of_the_master_key_the_old_one_is_needed_no_more(sealed, transactions) -> None:
    _put(sealed)
    both = _with_keys(transactions, NEW, OLD)
    assert _revealed(both) == URL
    with both.begin() as work:
        assert (work.secrets.rewrap_keys(), work.secrets.rewrap_keys()) == (1, 0)
        work.commit()
    assert _revealed(_with_keys(transactions, NEW)) == URL
    with pytest.raises(SealBroken, match="not among PYNOMALY_MASTER_KEYS"):
        _revealed(sealed)


def test_a_new_key_of_the_workspace_takes_over_piece_by_piece(sealed, transactions) -> None:
    for number in range(7):
        _put(sealed, SecretOwner("channel", f"c{number}"), text=f"secret {number}")
    with sealed.begin() as work:
        work.secrets.renew_key()
        work.commit()
    pieces = []
    while not pieces or pieces[-1]:
        with sealed.begin() as work:
            pieces.append(work.secrets.reseal(limit=3))
            work.commit()
        assert [_revealed(sealed, SecretOwner("channel", f"c{n}")) for n in range(7)] == [
            f"secret {n}" for n in range(7)
        ]
    assert pieces == [3, 3, 1, 0]
    (key,) = _stored(transactions, data_keys)
    assert {row["data_key"] for row in _stored(transactions, secrets)} == {key["id"]}


def test_many_who_keep_the_first_secret_at_once_share_one_key(sealed, transactions) -> None:
    assert at_once(6, lambda number: _put(sealed, SecretOwner("channel", f"c{number}"))) == [None] * 6
    assert len(_stored(transactions, data_keys)) == 1


def _rotate(opened, is_over) -> int:
    """Change both keys four times, piece by piece."""
    for _ in range(4):
        with opened.begin() as work:
            work.secrets.rewrap_keys()
            work.secrets.renew_key()
            work.commit()
        n_left = 1
        while n_left:
            with opened.begin() as work:
                n_left = work.secrets.reseal(limit=5)
                work.commit()
    is_over.set()
    return 0


def _write(opened, is_over) -> int:
    """Keep a higher number each time; return the last."""
    count = 0
    while not is_over.is_set():
        count += 1
        _put(opened, text=str(count))
    return count


def _read(opened, is_over) -> int:
    """See that numbers never go back, and that what nobody changes stays."""
    seen = 0
    while not is_over.is_set():
        assert _revealed(opened, OTHER) == "unchanged"
        newest = int(_revealed(opened))
        assert newest >= seen
        seen = newest
    return seen


@pytest.mark.slow
def test_while_keys_change_under_load_no_read_fails_and_no_write_is_lost(sealed, transactions) -> None:
    _put(sealed, text="0")
    _put(sealed, OTHER, text="unchanged")
    for number in range(12):
        _put(sealed, SecretOwner("source", f"s{number}"))
    both, is_over = _with_keys(transactions, NEW, OLD), threading.Event()
    acts = (_rotate, _write, _read, _read)
    outcomes = at_once(len(acts), lambda number: acts[number](both, is_over))
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert _revealed(both) == str(outcomes[1])

"""A thousand ways to change the audit log behind the program's back, each of which `verify-audit` notices."""

from dataclasses import asdict, replace
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import delete, insert, update

from pynomaly.application.ports.asking import Asked
from pynomaly.application.ports.paging import Piece
from pynomaly.application.use_cases.verify_audit import VerifyAudit
from pynomaly.domain.audit import ChainHead
from pynomaly.domain.events import DatasetRegistered
from pynomaly.infrastructure.persistence.audit_tables import chain_heads, events

N_ENTRIES = 8
EDITS = {
    "id": lambda entry, chance: replace(entry, id=entry.id[::-1] + "0"),
    "type": lambda entry, chance: replace(entry, type="DatasetRemoved"),
    "payload": lambda entry, chance: replace(
        entry, payload={**entry.payload, "n_rows": int(chance.integers(100, 999))}
    ),
    "actor": lambda entry, chance: replace(entry, actor=f"user:{chance.integers(10**9)}"),
    "request id": lambda entry, chance: replace(entry, request_id=f"r{chance.integers(10**9)}"),
    "time": lambda entry, chance: replace(entry, at=entry.at + timedelta(microseconds=int(chance.integers(1, 10**9)))),
    "hash before": lambda entry, chance: replace(entry, previous_hash=_random_hash(chance)),
    "hash": lambda entry, chance: replace(entry, hash=_random_hash(chance)),
    "workspace": lambda entry, chance: replace(entry, tenant_id=f"not {entry.tenant_id}"),
    "number": lambda entry, chance: replace(entry, sequence=int(chance.integers(N_ENTRIES + 1, 99))),
}


def _random_hash(chance):
    return chance.bytes(32).hex()


def _edit(chain, chance):
    place, change = chance.integers(len(chain)), EDITS[chance.choice(list(EDITS))]
    return [change(entry, chance) if number == place else entry for number, entry in enumerate(chain)]


def _edit_with_its_hash(chain, chance):
    """As somebody would who knows how hashes are made: everything from there on is made anew."""
    place = chance.integers(len(chain))
    return _rehashed([replace(entry, actor="eve") if n >= place else entry for n, entry in enumerate(chain)], place)


def _delete(chain, chance):
    place = chance.integers(len(chain))
    return [entry for number, entry in enumerate(chain) if number != place]


def _delete_and_close_the_gap(chain, chance):
    return _numbered(_delete(chain, chance))


def _swap(chain, chance):
    one, other = chance.choice(len(chain), 2, replace=False)
    moved = list(chain)
    moved[one] = replace(chain[other], sequence=chain[one].sequence)
    moved[other] = replace(chain[one], sequence=chain[other].sequence)
    return moved


def _insert(chain, chance):
    place = int(chance.integers(len(chain) + 1))
    forged = replace(chain[place - 1], id=_random_hash(chance), hash=_random_hash(chance))
    return _numbered([*chain[:place], forged, *chain[place:]])


def _insert_with_its_hash(chain, chance):
    """An entry that follows the last one as it should; only the end that is kept beside the chain tells."""
    last = chain[-1]
    forged = replace(last, sequence=last.sequence + 1, id=_random_hash(chance), previous_hash=last.hash)
    return [*chain, replace(forged, hash=forged.digest())]


def _insert_before_the_first(chain, chance):
    return [replace(chain[0], sequence=-int(chance.integers(0, 9)), id=_random_hash(chance)), *chain]


def _cut_off(chain, chance):
    return chain[: chance.integers(len(chain))]


TAMPERINGS = (
    _edit,
    _edit_with_its_hash,
    _delete,
    _delete_and_close_the_gap,
    _swap,
    _insert,
    _insert_with_its_hash,
    _insert_before_the_first,
    _cut_off,
)


def _numbered(chain):
    return [replace(entry, sequence=number) for number, entry in enumerate(chain, start=1)]


def _rehashed(chain, start):
    made = chain[:start]
    for entry in chain[start:]:
        linked = replace(entry, previous_hash=made[-1].hash if made else entry.previous_hash)
        made.append(replace(linked, hash=linked.digest()))
    return made


@pytest.fixture
def chain(transactions):
    with transactions.begin() as work:
        for number in range(N_ENTRIES):
            work.record(DatasetRegistered(f"d{number}", number))
        work.commit()
    with transactions.begin_reading() as work:
        return list(work.audit_log.page(Piece(99, 0, is_oldest_first=True)).items)


def _store(transactions, chain):
    with transactions.database.engine().begin() as connection:
        connection.execute(delete(events))
        if chain:
            connection.execute(insert(events), [asdict(entry) for entry in chain])


@pytest.mark.slow
def test_five_hundred_tamperings_on_each_database_are_noticed(transactions, chain) -> None:
    """Each in a workspace of its own, with a log of its own."""
    chance = np.random.default_rng(3)
    tamperings = {f"workspace {number}": TAMPERINGS[number % len(TAMPERINGS)] for number in range(500)}
    untouched = {tenant: _of_workspace(chain, tenant) for tenant in (*tamperings, "control")}
    altered = [entry for tenant, tamper in tamperings.items() for entry in tamper(untouched[tenant], chance)]
    _store(transactions, [*altered, *untouched["control"]])
    _store_ends(transactions, untouched)
    for tenant, tampering in tamperings.items():
        assert not _verdict(transactions, tenant).is_intact, f"{tampering.__name__} in {tenant}"
    assert _verdict(transactions, "control").is_intact


def _of_workspace(chain, tenant):
    return _rehashed([replace(entry, tenant_id=tenant, id=f"{tenant} {entry.sequence}") for entry in chain], 0)


def _store_ends(transactions, chains):
    ends = [{"tenant_id": each[-1].tenant_id, "sequence": N_ENTRIES, "hash": each[-1].hash} for each in chains.values()]
    with transactions.database.engine().begin() as connection:
        connection.execute(insert(chain_heads), ends)


def _verdict(transactions, tenant):
    return VerifyAudit(replace(transactions, asked=Asked(tenant, "auditor")).begin_reading)()


def test_an_end_that_was_moved_is_noticed(transactions, chain) -> None:
    verify = VerifyAudit(transactions.begin_reading)
    for head in (*(ChainHead(entry.sequence, entry.hash) for entry in chain[:-1]), ChainHead(9, "a" * 64), ChainHead()):
        _move_end(transactions, head)
        assert not verify().is_intact
    with transactions.database.engine().begin() as connection:
        connection.execute(delete(chain_heads))
    assert verify().problem == f"the log ends at entry {N_ENTRIES}, not at 0"


@pytest.mark.parametrize("n_left", range(N_ENTRIES))
def test_a_log_that_was_cut_off_with_its_end_is_noticed_by_whoever_knows_an_end(transactions, chain, n_left) -> None:
    known = ChainHead(N_ENTRIES, chain[-1].hash)
    verify = VerifyAudit(transactions.begin_reading)
    assert verify(expected=known).is_intact
    _store(transactions, chain[:n_left])
    _move_end(transactions, ChainHead(n_left, chain[n_left - 1].hash) if n_left else ChainHead())
    assert verify().is_intact
    assert verify(expected=known).problem == f"entry {N_ENTRIES}, vouched for elsewhere, is not in the chain"


def test_a_log_that_was_written_anew_is_noticed_by_whoever_knows_an_end(transactions, chain) -> None:
    forged = _rehashed([replace(entry, actor="eve") for entry in chain], 0)
    _store(transactions, forged)
    _move_end(transactions, ChainHead(N_ENTRIES, forged[-1].hash))
    verify = VerifyAudit(transactions.begin_reading)
    assert verify().is_intact
    assert not verify(expected=ChainHead(3, chain[2].hash)).is_intact


def test_a_log_longer_than_one_piece_is_read_to_its_end(transactions, chain, monkeypatch) -> None:
    monkeypatch.setattr("pynomaly.application.audit_verification.ENTRIES_AT_ONCE", 3)
    assert VerifyAudit(transactions.begin_reading)().head == ChainHead(N_ENTRIES, chain[-1].hash)


def _move_end(transactions, head):
    with transactions.database.engine().begin() as connection:
        connection.execute(update(chain_heads).values(sequence=head.sequence, hash=head.hash))

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pynomaly.domain.audit import NO_HASH, AuditEntry, ChainHead, verify_chain

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
FIRST = AuditEntry("local", 1, "e1", "DatasetRegistered", {"n_rows": 3, "dataset_id": "d"}, "local", "r", NOON, NO_HASH)


def _chain(n_entries):
    entries, previous = [], NO_HASH
    for number in range(1, n_entries + 1):
        payload = {"dataset_id": f"d{number}", "n_rows": number}
        entry = replace(FIRST, sequence=number, id=f"e{number}", payload=payload, previous_hash=previous)
        entries.append(replace(entry, hash=entry.digest()))
        previous = entries[-1].hash
    return entries


def test_the_hash_is_sha_256_of_everything_in_one_line_of_json() -> None:
    written = (
        '["local",1,"e1","DatasetRegistered",{"dataset_id":"d","n_rows":3},"local","r",'
        f'"2026-03-14T12:00:00.000000+00:00","{"0" * 64}"]'
    )
    assert FIRST.digest() == hashlib.sha256(written.encode()).hexdigest()


def test_the_same_moment_in_another_zone_is_the_same_entry() -> None:
    berlin = replace(FIRST, at=NOON.astimezone(timezone(timedelta(hours=1))))
    assert berlin.digest() == FIRST.digest()


def test_no_text_or_number_is_too_odd_to_be_hashed() -> None:
    odd = replace(FIRST, payload={"reason": "\ud800 \0 ☂", "share": 5e-324, "none": None}, actor="\udfff")
    assert len(odd.digest()) == 64


@pytest.mark.parametrize(
    "change",
    [
        {"tenant_id": "other"},
        {"sequence": 2},
        {"id": "e2"},
        {"type": "DatasetRemoved"},
        {"payload": {"n_rows": 4, "dataset_id": "d"}},
        {"payload": {"n_rows": 3.0, "dataset_id": "d"}},
        {"actor": "user:eve"},
        {"request_id": "s"},
        {"at": NOON + timedelta(microseconds=1)},
        {"previous_hash": "1" * 64},
    ],
    ids=str,
)
def test_every_part_of_an_entry_counts(change) -> None:
    assert replace(FIRST, **change).digest() != FIRST.digest()


def test_an_untouched_chain_is_intact_and_ends_at_its_head() -> None:
    entries = _chain(3)
    verdict = verify_chain(entries)
    assert verdict.is_intact
    assert verdict.head == ChainHead(3, entries[-1].hash)
    assert verify_chain([]).head == ChainHead()


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (lambda chain: chain[1:], "entry 1 is missing; 2 comes in its place"),
        (lambda chain: [chain[0], *chain[2:]], "entry 2 is missing; 3 comes in its place"),
        (lambda chain: [chain[1], chain[0], chain[2]], "entry 1 is missing; 2 comes in its place"),
        (lambda chain: [*chain[:2], replace(chain[2], actor="eve")], "entry 3 was altered"),
        (lambda chain: [*chain[:2], replace(chain[2], hash="0" * 64)], "entry 3 was altered"),
        (lambda chain: [*chain, replace(chain[2], sequence=4)], "entry 4 does not follow the entry before it"),
        (lambda chain: [*chain, chain[2]], "entry 4 is missing; 3 comes in its place"),
    ],
)
def test_the_first_thing_that_is_wrong_is_named(tamper, problem) -> None:
    verdict = verify_chain(tamper(_chain(3)))
    assert not verdict.is_intact
    assert verdict.problem == problem


def test_a_head_that_was_written_down_elsewhere_shows_what_the_chain_alone_cannot() -> None:
    chain = _chain(3)
    end = ChainHead(3, chain[-1].hash)
    assert verify_chain(chain, end).is_intact
    assert verify_chain(chain, ChainHead(2, chain[1].hash)).is_intact  # the chain has grown since
    assert verify_chain(chain, ChainHead()).is_intact
    assert verify_chain(chain[:2]).is_intact
    assert verify_chain(chain[:2], end).problem == "entry 3, vouched for elsewhere, is not in the chain"
    assert not verify_chain(chain, ChainHead(3, "0" * 64)).is_intact
    assert not verify_chain([], end).is_intact

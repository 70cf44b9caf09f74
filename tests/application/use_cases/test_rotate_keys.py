"""Keys are changed in pieces, and a run that was cut off is simply run again."""

from dataclasses import replace

import pytest

from pynomaly.application.ports.secrets import SecretOwner
from pynomaly.application.use_cases.rotate_keys import AT_ONCE, RotateKeys
from pynomaly.domain.errors import SealBroken
from pynomaly.infrastructure.encryption.master_keys import MasterKeys
from tests.application.use_cases.told import events_of

OLD, NEW = MasterKeys.new(), MasterKeys.new()


def _with_keys(transactions, *texts):
    keys = MasterKeys.read(texts, origin="here")
    return replace(transactions, sealer=lambda: keys)


@pytest.fixture
def full(transactions):
    opened = _with_keys(transactions, OLD)
    with opened.begin() as work:
        for number in range(AT_ONCE + 20):
            work.secrets.put(SecretOwner("channel", f"c{number}"), "url", f"secret {number}")
        work.commit()
    return opened


def _all(opened):
    with opened.begin_reading() as work:
        return [work.secrets.reveal(SecretOwner("channel", f"c{number}"), "url") for number in range(AT_ONCE + 20)]


def test_after_a_rotation_the_old_master_key_opens_nothing(full, transactions) -> None:
    before = _all(full)
    assert RotateKeys(_with_keys(transactions, NEW, OLD).begin)() == AT_ONCE + 20
    assert _all(_with_keys(transactions, NEW)) == before
    with pytest.raises(SealBroken):
        _all(full)
    assert [name for name, _ in events_of(transactions)] == ["KeysRotated"]


def test_a_rotation_that_was_cut_off_leaves_everything_readable_and_is_run_again(full, transactions) -> None:
    both = _with_keys(transactions, NEW, OLD)
    n_begun = 0

    def begin_thrice():
        nonlocal n_begun
        n_begun += 1
        if n_begun > 2:
            raise ZeroDivisionError
        return both.begin()

    before = _all(full)
    with pytest.raises(ZeroDivisionError):
        RotateKeys(begin_thrice)()
    assert _all(both) == before
    assert RotateKeys(both.begin)() == AT_ONCE + 20
    assert _all(_with_keys(transactions, NEW)) == before


def test_without_the_key_that_is_still_needed_nothing_changes(full, transactions) -> None:
    with pytest.raises(SealBroken, match="not among PYNOMALY_MASTER_KEYS"):
        RotateKeys(_with_keys(transactions, NEW).begin)()
    assert len(_all(full)) == AT_ONCE + 20
    assert events_of(transactions) == []


def test_where_nothing_was_sealed_nothing_happens(transactions) -> None:
    assert RotateKeys(_with_keys(transactions, OLD).begin)() == 0
    assert events_of(transactions) == []

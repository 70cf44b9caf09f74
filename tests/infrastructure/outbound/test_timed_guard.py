import pytest

from pynomaly.domain.errors import DestinationRefused, RemoteUnavailable
from pynomaly.infrastructure.outbound.guard import OutboundGuard
from pynomaly.infrastructure.outbound.timed_guard import TimedGuard
from tests.infrastructure.outbound.hostile_places import names
from tests.infrastructure.outbound.test_guard import NETWORKS, Wire


def _timed(wire: Wire, seconds: float = 5.0) -> TimedGuard:
    guard = OutboundGuard(ports=frozenset({443}), allowed=NETWORKS, resolve=names(), connect=wire)
    return TimedGuard.within(guard, seconds)


def test_what_is_encrypted_goes_out_and_what_is_not_stays_inside() -> None:
    wire = Wire()
    _timed(wire).open("honest.example", 443, is_encrypted=True).close()
    _timed(wire).open("inside.example", 80, is_encrypted=False).close()
    assert wire.connected == [("1.1.1.1", 443), ("10.0.0.5", 80)]
    with pytest.raises(DestinationRefused, match="unencrypted"):
        _timed(wire).checked("honest.example", 443, is_encrypted=False)
    assert _timed(wire).checked("honest.example", 443, is_encrypted=True) == ["1.1.1.1"]


def test_when_the_time_is_over_nothing_is_opened_any_more() -> None:
    wire = Wire()
    late = _timed(wire, seconds=-1.0)
    with pytest.raises(RemoteUnavailable, match="no answer came in time"):
        late.left()
    with pytest.raises(RemoteUnavailable, match="no answer came in time"):
        late.open("1.1.1.1", 443, is_encrypted=True)
    with pytest.raises(RemoteUnavailable), late.over(lambda: pytest.fail("there is nothing to cut")):
        pass
    assert wire.connected == []

import pytest

from pynomaly.domain.errors import InvalidRequest
from pynomaly.infrastructure.notifications.catalog import Channels
from tests.infrastructure.notifications.places import outside

CHANNELS = Channels(outside())
WHOLE = {
    "slack": {"url": "https://own.example/x"},
    "webhook": {"url": "https://own.example/x", "secret": "whsec_" + "A" * 32},
    "email": {"host": "own.example", "sender": "a@own.example", "recipients": "b@own.example"},
}


def test_every_kind_opens_with_what_it_says_it_needs() -> None:
    assert [kind.name for kind in CHANNELS.kinds()] == list(WHOLE)
    for name, given in WHOLE.items():
        kind = CHANNELS.kind(name)
        assert {field.name for field in kind.fields if field.is_required and field.default is None} == given.keys()
        assert callable(CHANNELS.open(name, kind.checked(given)).send)


def test_addresses_and_passwords_are_secret() -> None:
    secret = {kind.name: kind.secret_names() for kind in CHANNELS.kinds()}
    assert secret == {"slack": {"url"}, "webhook": {"url", "secret"}, "email": {"password"}}


@pytest.mark.parametrize("look", [CHANNELS.kind, lambda name: CHANNELS.open(name, {})])
def test_a_kind_that_is_not_there_is_named_with_what_is(look) -> None:
    with pytest.raises(InvalidRequest, match=r"no kind of channel 'slak'; did you mean 'slack'\?.*email"):
        look("slak")

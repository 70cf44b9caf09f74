import pytest

from pynomaly.application.ports.asking import KeyClaim, Reply, RequestKey
from pynomaly.application.ports.paging import Piece
from pynomaly.domain.errors import InvalidRequest, NotFound
from tests.infrastructure.persistence.examples import dataset, detector


def test_by_id_and_by_the_start_of_an_id(work) -> None:
    stored = dataset(id="0123456789abcdef0123456789abcdef")
    work.datasets.add(stored)
    assert work.datasets.get(stored.id) == stored
    assert work.datasets.get("01234567") == stored
    assert work.datasets.get("0123456789ABCDEF") == stored


def test_seven_characters_of_an_id_are_too_few(work) -> None:
    work.datasets.add(dataset(id="0123456789abcdef0123456789abcdef"))
    with pytest.raises(NotFound):
        work.datasets.get("0123456")


def test_an_id_wins_over_a_name_so_that_nothing_can_be_named_into_the_place_of_another(work) -> None:
    first = dataset("one")
    named_like_it = dataset(first.id)
    work.datasets.add(first)
    work.datasets.add(named_like_it)
    assert work.datasets.get(first.id) == first
    assert work.datasets.get(named_like_it.id) == named_like_it


def test_a_name_wins_over_the_start_of_an_id(work) -> None:
    first = dataset("one")
    named_like_it = dataset(first.id[:8])
    work.datasets.add(first)
    work.datasets.add(named_like_it)
    assert work.datasets.get(first.id[:8]) == named_like_it


ODD = {"NUL": "\0" * 8, "half a character": "\ud800" * 8, "umbrellas": "☂" * 8}
EVERYWHERE = ("datasets", "detectors", "detections", "jobs", "schedules", "users", "api_keys")
UNKNOWN = ODD | {"nothing": "", "blank": " ", "long": "a" * 10_000, "patterns": "%" * 8, "any characters": "_" * 8}


@pytest.mark.parametrize("text", UNKNOWN.values(), ids=UNKNOWN)
@pytest.mark.parametrize("repository", EVERYWHERE)
def test_text_that_names_nothing_finds_nothing_whatever_it_is_made_of(work, repository, text) -> None:
    for stored in (dataset(), detector()):
        getattr(work, f"{type(stored).__name__.lower()}s").add(stored)
    with pytest.raises(NotFound):
        getattr(work, repository).get(text)


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_no_text_is_too_odd_for_a_key_or_an_address(work, text) -> None:
    assert work.users.by_email(text) is None
    assert work.api_keys.by_id(text) is None
    assert work.training_runs.find(text) is None
    assert work.detections.page(Piece(5), detector_id=text).items == []
    claim = KeyClaim(RequestKey(text, text, text), "token", lambda _: Reply(200, (), b""))
    assert work.request_keys.reserve(claim, digest="d") is None
    with pytest.raises(NotFound):
        work.tenants.get(text)


def test_a_prefix_that_fits_several_lists_them(work) -> None:
    for end in "12":
        work.datasets.add(dataset(f"table {end}", id="abcdefab" + end * 24))
    with pytest.raises(InvalidRequest, match=r"fits 2 datasets: abcdefab1{24}, abcdefab2{24}"):
        work.datasets.get("abcdefab")
    assert work.datasets.get("abcdefab1").name == "table 1"


def test_an_unknown_name_names_the_closest(work) -> None:
    work.datasets.add(dataset("transactions"))
    with pytest.raises(NotFound, match=r"no dataset 'transactoins'; did you mean 'transactions'\?"):
        work.datasets.get("transactoins")


def test_a_name_like_nothing_says_where_to_look(work) -> None:
    with pytest.raises(NotFound, match="pynomaly dataset list"):
        work.datasets.get("zzz")

import pytest

from pynomaly.application.revisions import require_revision
from pynomaly.domain.errors import StaleWrite
from tests.infrastructure.persistence.examples import dataset


def test_whoever_saw_the_newest_state_or_does_not_mind_may_go_on() -> None:
    require_revision(dataset(revision=3), 3)
    require_revision(dataset(revision=3), None)


@pytest.mark.parametrize("seen", [0, 2, 4])
def test_whoever_saw_another_state_is_asked_to_read_again(seen) -> None:
    with pytest.raises(StaleWrite, match="changed since you read it"):
        require_revision(dataset(revision=3), seen)

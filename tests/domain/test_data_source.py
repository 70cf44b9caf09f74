import pytest

from pynomaly.domain.data_source import DataSource
from pynomaly.domain.errors import InvalidRequest
from tests.infrastructure.persistence.examples import NOON


def test_a_source_has_a_name_that_can_be_read() -> None:
    with pytest.raises(InvalidRequest, match="1 to 200 printable characters"):
        DataSource("s", "a\nb", "vault", {}, (), "user:ada", NOON)

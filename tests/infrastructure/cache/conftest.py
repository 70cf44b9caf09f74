import pytest

from tests.private_redis import private_redis


@pytest.fixture
def server():
    """A Redis server that the test may do anything to."""
    with private_redis() as lent:
        yield lent

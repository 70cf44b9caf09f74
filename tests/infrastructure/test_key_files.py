import os
import secrets
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from pynomaly.domain.errors import Conflict
from pynomaly.infrastructure.key_files import kept_key

NAME = "secret.key"


def _kept(home):
    return kept_key(home / NAME, secrets.token_urlsafe, if_damaged="delete it and sign in again")


def test_a_kept_key_is_made_once_for_this_user_alone(tmp_path):
    home = tmp_path / "home"
    made = _kept(home)
    assert _kept(home) == made
    assert len(made) == 43
    assert stat.S_IMODE((home / NAME).stat().st_mode) == 0o600
    assert [path.name for path in home.iterdir()] == [NAME]


def test_of_many_who_make_it_at_once_all_get_the_same(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: _kept(tmp_path / "home"), range(16)))
    assert len(keys) == 1


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")
def test_a_key_that_others_may_read_is_refused(tmp_path):
    _kept(tmp_path)
    (tmp_path / NAME).chmod(0o644)
    with pytest.raises(Conflict, match="chmod 600"):
        _kept(tmp_path)


def test_a_damaged_key_is_refused_with_what_to_do(tmp_path):
    _kept(tmp_path)
    (tmp_path / NAME).write_text("x")
    with pytest.raises(Conflict, match="damaged; delete it and sign in again"):
        _kept(tmp_path)


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Conflict, match=r"file/secret\.key cannot be kept or read"):
        _kept(tmp_path / "file")

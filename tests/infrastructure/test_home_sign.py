import subprocess
import sys
from contextlib import ExitStack

import pytest

from pynomaly.domain.errors import Conflict
from pynomaly.infrastructure.home_sign import SIGN, signed

HOLD = """
import sys, pathlib
from pynomaly.infrastructure.home_sign import signed
with signed(pathlib.Path(sys.argv[1]), "http://127.0.0.1:9000", alone=False):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_who_wants_to_be_alone_is_told_of_who_is_there(tmp_path) -> None:
    with (
        signed(tmp_path / "home", "http://127.0.0.1:9000", alone=False),
        pytest.raises(Conflict, match=r"home runs already, at http://127.0.0.1:9000; stop it first"),
        signed(tmp_path / "home", "http://127.0.0.1:8000", alone=True),
    ):
        pass


def test_others_may_serve_beside_one_that_began_alone_and_no_second_one_begins_alone(tmp_path) -> None:
    with ExitStack() as held:
        held.enter_context(signed(tmp_path, "http://127.0.0.1:8000", alone=True))
        held.enter_context(signed(tmp_path, "http://127.0.0.1:8001", alone=False))
        with pytest.raises(Conflict, match=r"at http://127.0.0.1:8001;"):
            held.enter_context(signed(tmp_path, "http://127.0.0.1:8002", alone=True))


def test_a_sign_falls_with_the_process_that_held_it_however_it_ended(tmp_path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(Conflict), signed(tmp_path, "x", alone=True):
            pass
        holder.kill()
    with signed(tmp_path, "http://127.0.0.1:8000", alone=True):
        assert (tmp_path / SIGN).read_text() == "http://127.0.0.1:8000"

import threading

import pytest

from pynomaly.infrastructure.credentials import passwords
from pynomaly.infrastructure.credentials.passwords import ArgonPasswords


@pytest.fixture(scope="module")
def hashed():
    return ArgonPasswords().hash("correct horse battery staple")


def test_the_right_password_and_only_it_has_the_hash(hashed):
    assert ArgonPasswords().verify("correct horse battery staple", hashed)
    assert not ArgonPasswords().verify("correct horse battery stapl", hashed)


def test_passwords_are_not_cut_off(hashed):
    one = ArgonPasswords()
    long = "x" * 200
    assert not one.verify(long + "b", one.hash(long + "a"))


def test_a_password_is_the_same_however_a_keyboard_composes_it():
    one = ArgonPasswords()
    assert one.verify("cafe\u0301 au lait", one.hash("caf\u00e9 au lait"))
    assert not one.verify("cafe au lait", one.hash("caf\u00e9 au lait"))


def test_text_that_is_no_utf_8_is_a_password_like_any_other(hashed):
    assert not ArgonPasswords().verify("\ud800 is half a letter", hashed)


def test_hashes_are_argon2id_with_64_mebibytes_and_salted(hashed):
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert ArgonPasswords().hash("correct horse battery staple") != hashed
    assert not ArgonPasswords().is_outdated(hashed)
    assert ArgonPasswords().is_outdated(hashed.replace("t=3", "t=2"))


def test_what_is_no_hash_fits_no_password():
    assert not ArgonPasswords().verify("anything", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$" + "A" * 43)


def test_at_most_two_are_hashed_at_once():
    at_work, most, lock = [0], [0], threading.Lock()
    both = threading.Event()

    class Slow:
        def hash(self, password):
            with lock:
                at_work[0] += 1
                most[0] = max(most[0], at_work[0])
            both.wait(0.05)
            with lock:
                at_work[0] -= 1
            return "h"

    one = ArgonPasswords(Slow())
    threads = [threading.Thread(target=one.hash, args=("p",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == passwords.AT_ONCE == 2


def test_an_unknown_user_costs_a_verification():
    calls = []

    class Counting:
        def hash(self, password):
            return "h"

        def verify(self, password, stored):
            calls.append(stored)
            return False

    ArgonPasswords(Counting()).waste_time("x")
    assert calls == ["h"]

"""The names of the work at hand: seen where the work is done, and nowhere else."""

import threading
from contextvars import copy_context

from pynomaly.application.current_work import at_work, begin_work, current_work, note_of_work


def test_between_works_there_are_no_names_and_none_can_be_noted():
    note_of_work(tenant_id="t")
    assert dict(current_work()) == {}


def test_names_hold_while_the_work_lasts_and_grow_with_what_is_found_out():
    with at_work(job_id="j"):
        note_of_work(tenant_id="t")
        assert dict(current_work()) == {"job_id": "j", "tenant_id": "t"}
    assert dict(current_work()) == {}


def test_a_thread_that_works_on_a_request_finds_out_for_all_of_it():
    def request():
        begin_work({"request_id": "r"})
        here = copy_context()
        thread = threading.Thread(target=lambda: here.run(note_of_work, actor="user:u"))
        thread.start()
        thread.join()
        return dict(current_work())

    assert copy_context().run(request) == {"request_id": "r", "actor": "user:u"}


def test_two_requests_at_once_do_not_see_each_other():
    one, other = copy_context(), copy_context()
    one.run(begin_work, {"request_id": "1"})
    other.run(begin_work, {"request_id": "2"})
    one.run(note_of_work, actor="user:a")
    assert dict(one.run(current_work)) == {"request_id": "1", "actor": "user:a"}
    assert dict(other.run(current_work)) == {"request_id": "2"}

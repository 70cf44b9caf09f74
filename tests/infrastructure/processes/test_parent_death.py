import os
import subprocess
import sys

from pynomaly.infrastructure.processes.parent_death import parent_of
from tests.infrastructure.processes.children import is_gone

LATE = """
import os, time
from pynomaly.infrastructure.processes.parent_death import die_with_parent
die_with_parent(os.getppid() + 1)
print("alive")
"""
ORPHAN = """
import os, subprocess, sys
inner = "import os, sys, time; from pynomaly.infrastructure.processes.parent_death import die_with_parent; " \\
    "die_with_parent(os.getppid()); sys.stdout.write('ready\\\\n'); sys.stdout.flush(); time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", inner], stdout=subprocess.PIPE, text=True)
print(child.stdout.readline().strip(), child.pid, flush=True)
os.kill(os.getpid(), 9)
"""


def test_the_parent_of_a_process_is_known_while_it_lives() -> None:
    assert parent_of(os.getpid()) == os.getppid()
    assert parent_of(2**30) is None


def test_a_process_whose_parent_is_another_already_ends_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", LATE], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (-9, "")


def test_a_process_ends_when_its_parent_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        word, process_id = parent.stdout.readline().split()
        assert word == "ready"
        assert parent.stdout.read() == ""
    assert is_gone(int(process_id))

"""How long the command takes to say something and what it holds, beside a bare interpreter.

Usage: python tests/benchmarks/startup.py [--runs N]
"""

import argparse
import os
import statistics
import subprocess
import sys
import time

COMMANDS = {
    "bare interpreter": ["-c", "pass"],
    "import pynomaly": ["-c", "import pynomaly"],
    "pynomaly.detect": ["-c", "import pynomaly; pynomaly.detect"],
    "pynomaly --version": ["-m", "pynomaly", "--version"],
    "pynomaly --help": ["-m", "pynomaly", "--help"],
    "pynomaly detect --help": ["-m", "pynomaly", "detect", "--help"],
}


def measured(arguments: list[str]) -> tuple[float, float]:
    """Run one interpreter; return its wall seconds and its peak memory in MB."""
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{arguments} ended with {status}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def main() -> None:
    """Print the median of each command, run in turn, and its ratio to a bare interpreter."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=15)
    runs = options.parse_args().runs
    rounds = [{name: measured(arguments) for name, arguments in COMMANDS.items()} for _ in range(runs)]
    bare = statistics.median(one["bare interpreter"][0] for one in rounds)
    for name in COMMANDS:
        seconds, megabytes = (statistics.median(one[name][which] for one in rounds) for which in (0, 1))
        print(f"{name:24} {1000 * seconds:6.0f} ms   {seconds / bare:5.1f} x a bare interpreter   {megabytes:5.0f} MB")


if __name__ == "__main__":
    main()

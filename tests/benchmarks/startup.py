"""How long the command takes to say something, beside a bare interpreter.

Usage: python tests/benchmarks/startup.py [--runs N]
"""

import argparse
import statistics
import subprocess
import sys
import time

COMMANDS = {
    "bare interpreter": ["-c", "pass"],
    "pynomaly --version": ["-m", "pynomaly", "--version"],
    "pynomaly --help": ["-m", "pynomaly", "--help"],
    "pynomaly detect --help": ["-m", "pynomaly", "detect", "--help"],
}


def seconds(arguments: list[str]) -> float:
    """Run one interpreter and return its wall seconds."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the median of each command, run in turn, and its ratio to a bare interpreter."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=15)
    runs = options.parse_args().runs
    rounds = [{name: seconds(arguments) for name, arguments in COMMANDS.items()} for _ in range(runs)]
    bare = statistics.median(one["bare interpreter"] for one in rounds)
    for name in COMMANDS:
        median = statistics.median(one[name] for one in rounds)
        print(f"{name:24} {1000 * median:6.0f} ms   {median / bare:5.1f} x a bare interpreter")


if __name__ == "__main__":
    main()

"""A real worker, with real processes for its jobs, that knows the fake sources; run with `python -m`."""

from dataclasses import replace

from pynomaly.assembly.log_lines import log_to_standard_error
from pynomaly.assembly.workers import stop_on_signals, worker
from pynomaly.bootstrap import adapters
from tests.fakes.sources import FakeSources

if __name__ == "__main__":
    shared = replace(adapters(sources=FakeSources()), tasks="tests.fakes.source_child")
    log_to_standard_error(shared.settings)
    worker(shared).run(stop_on_signals())

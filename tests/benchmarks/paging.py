"""What turning the pages of a million rows costs: does the last page take longer, or the server more memory?

Usage: PYTHONPATH=. OMP_NUM_THREADS=1 python tests/benchmarks/paging.py [--rows N] [--pages N]
Pages of all rows are asked for one after the other, by the place that each page names as the next.
"""

import argparse
import gc
import html
import re
import statistics
import tempfile
import time
from pathlib import Path

from tests.benchmarks.studio import browser, looked_at, workspace_of
from tests.service.installed import installed

from pynomaly.domain.columns import ColumnRole

WARM_PAGES = 20
NEXT = re.compile(r'rel="next"[^>]*href="([^"]+)"|href="([^"]+)"[^>]*rel="next"')


def main() -> None:
    """Turn pages; print what the first and the last of them took, and by how much the memory grew."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--rows", type=int, default=1_000_000)
    reader.add_argument("--pages", type=int, default=400)
    chosen = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder, installed(Path(folder)) as installation:
        detection = looked_at(workspace_of(installation), "paged", chosen.rows, ColumnRole.IGNORED)
        client, address = browser(installation), f"/detections/{detection.id}?all=yes"
        milliseconds: list[float] = []
        before = 0.0
        for page in range(chosen.pages):
            if page == WARM_PAGES:
                before = resident_megabytes()
            began = time.perf_counter()
            answer = client.get(address, headers={"Accept": "text/html"})
            milliseconds.append(1000 * (time.perf_counter() - began))
            assert answer.status_code == 200, answer.text[:500]
            found = NEXT.search(answer.text)
            assert found, "no next page"
            address = html.unescape(found[1] or found[2])
        first, last = milliseconds[WARM_PAGES : 2 * WARM_PAGES], milliseconds[-WARM_PAGES:]
        print(f"{chosen.rows:,} rows, {chosen.pages} pages turned")
        print(
            f"a page, median: {statistics.median(first):.1f} ms among the first, {statistics.median(last):.1f} ms last"
        )
        print(f"memory: {before:.0f} MB, grown by {resident_megabytes() - before:.1f} MB since page {WARM_PAGES}")


def resident_megabytes() -> float:
    """Return what this process holds in memory."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


if __name__ == "__main__":
    main()

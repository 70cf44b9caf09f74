"""What it takes to keep five million streamed rows as a dataset, beside what the rows themselves would take in memory.

Counted is the memory of a process of its own beyond a bare interpreter's, pages of files left out (Linux).
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.infrastructure.data.adopted import Peak, adopt, anonymous_bytes, write_rows

N_ROWS = 5_000_000
MOST_MEBIBYTES = 300
BARE = "import pathlib; print(pathlib.Path('/proc/self/status').read_text().partition('RssAnon:')[2].split()[0])"


def main() -> None:
    """Print the peak and its share of the rows' own size; end with 1 beyond the bound."""
    bare = int(subprocess.run([sys.executable, "-c", BARE], check=True, capture_output=True, text=True).stdout) * 1024
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([sys.executable, __file__, "write", name], check=True)
        rows_bytes = (folder / "rows.arrow").stat().st_size
        imported = anonymous_bytes()
        with Peak() as peak:
            adopt(folder)
    mebibytes = [n_bytes / 1024**2 for n_bytes in (peak.n_bytes - bare, imported - bare, rows_bytes)]
    print("{:.0f} MiB above a bare interpreter, {:.0f} of them imports; the rows: {:.0f} MiB".format(*mebibytes))
    print(f"share of the rows' size: {mebibytes[0] / mebibytes[2]:.2f}")
    sys.exit(mebibytes[0] > MOST_MEBIBYTES)


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write_rows(Path(sys.argv[2]) / "rows.arrow", N_ROWS)
    else:
        main()

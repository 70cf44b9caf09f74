"""How many threads the libraries below may use, set once for the whole process."""

import pyarrow as pa


def limit_threads(n_threads: int | None) -> None:
    """Give Arrow (reading, columns) and numpy's linear algebra this many threads; None leaves both as they are.

    It holds for the process, whoever else computes in it; detectors of our own are bound by `bound_scoring_threads`.
    """
    if n_threads is None:
        return
    from threadpoolctl import threadpool_limits  # 12 ms to import, so only where somebody asked

    pa.set_cpu_count(n_threads)
    threadpool_limits(limits=n_threads)
